import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// One pair of endpoints of a flow; `family` is `nil` where one rule serves both.
struct FlowCase {
  let family: AddressFamily?
  let source: Endpoint
  let destination: Endpoint
}

/// A line, and every pair of endpoints that it covers.
struct Flow {
  let rule: AccessRule
  let cases: [FlowCase]

  init(_ rule: AccessRule, cases: [FlowCase]) {
    self.rule = rule
    self.cases = cases
  }
}

extension LoweringContext {
  /// Every pair of endpoints that `flow` covers.
  ///
  /// What refuses covers both families; what allows never widens to one that a peer has not.
  func cases(of flow: AccessRule) -> [FlowCase] {
    var byFamily: [AddressFamily: [FlowCase]] = [:]
    for family in AddressFamily.allCases {
      let sources = endpoints(flow.sources, family)
      let destinations = endpoints(flow.destinations, family)
      byFamily[family] = sources.flatMap { source in
        destinations.compactMap { destination in
          covers(flow, family, source, destination)
            ? FlowCase(family: family, source: source, destination: destination) : nil
        }
      }
    }
    return merged(byFamily[.ipv4] ?? [], byFamily[.ipv6] ?? [])
  }

  private func covers(
    _ flow: AccessRule, _ family: AddressFamily, _ source: Endpoint, _ destination: Endpoint
  ) -> Bool {
    switch flow.verb {
    case .deny, .reject: true
    case .allow: speaks(source, family) && speaks(destination, family)
    }
  }

  private func speaks(_ endpoint: Endpoint, _ family: AddressFamily) -> Bool {
    guard case .network(let index) = endpoint.zone, endpoint.ranges == nil, !endpoint.isWorld
    else { return true }
    let families = network(index).families
    return families.isEmpty || families.contains(family)
  }

  private func merged(_ ipv4: [FlowCase], _ ipv6: [FlowCase]) -> [FlowCase] {
    var result: [FlowCase] = []
    var pairs: Set<[Endpoint]> = []
    for flow in ipv6 where flow.isNeutral { pairs.insert([flow.source, flow.destination]) }
    for flow in ipv4 {
      let isShared = flow.isNeutral && pairs.remove([flow.source, flow.destination]) != nil
      result.append(
        FlowCase(
          family: isShared ? nil : .ipv4, source: flow.source, destination: flow.destination))
    }
    for flow in ipv6 where !flow.isNeutral || pairs.contains([flow.source, flow.destination]) {
      result.append(flow)
    }
    return result
  }

  /// The conditions for what a flow carries, one list for each alternative.
  func serviceMatches(_ services: [ServiceMatch], _ family: AddressFamily?) -> [[Match]] {
    if services.isEmpty { return [[]] }
    return services.compactMap { service in
      switch service {
      case .transport(let transport): transportMatches(transport, family)
      case .ports(let transport, let ports):
        [.transport(transport), .destinationPort(ports.sorted())]
      case .icmp(let own, let type):
        family == nil || family == own
          ? [.icmp(own, type: type.type, code: type.code)] : nil
      }
    }
  }

  private func transportMatches(
    _ transport: TransportProtocol, _ family: AddressFamily?
  ) -> [Match]? {
    let own: AddressFamily? =
      switch transport {
      case .icmp: .ipv4
      case .icmpv6: .ipv6
      default: nil
      }
    guard let own else { return [.transport(transport)] }
    guard let family else { return [.family(own), .transport(transport)] }
    return family == own ? [.transport(transport)] : nil
  }
}

extension FlowCase {
  /// Whether no declared network is meant on either side.
  var isForeign: Bool { source.isForeign && destination.isForeign }

  /// Whether nothing in it is of one family.
  var isNeutral: Bool { source.ranges == nil && destination.ranges == nil }
}

extension Endpoint {
  fileprivate var isForeign: Bool { isWorld || zone == .outside }
}
