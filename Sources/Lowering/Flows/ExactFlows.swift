import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// The widest port range that is spelled out in a map of exact keys.
private let widestExactRange = 64

extension TableBuilder {
  /// Whether the flow is between single guests' ports and nothing else: then it is elements of a
  /// map, not a rule.
  func isExact(_ flow: AccessRule, in place: FlowPlace, _ context: LoweringContext) -> Bool {
    guard place == .forward, flow.verb != .reject, flow.clauses == FlowClauses(),
      flow.sourceExceptions.isEmpty, flow.destinationExceptions.isEmpty, !flow.services.isEmpty
    else { return false }
    return flow.services.allSatisfy(isExact)
      && (flow.sources + flow.destinations).allSatisfy { isExact($0, context) }
  }

  private func isExact(_ service: ServiceMatch) -> Bool {
    switch service {
    case .ports(_, let ports): ports.allSatisfy { $0.count <= widestExactRange }
    case .transport, .icmp: false
    }
  }

  private func isExact(_ peer: Peer, _ context: LoweringContext) -> Bool {
    switch peer {
    case .guest: true
    case .network, .addresses, .host, .world, .any: false
    }
  }

  /// Puts the exact flows of `flows` into maps and returns the rules that look them up.
  mutating func exactFlowRules(
    _ flows: [Flow], map name: String, _ context: LoweringContext
  ) -> [Rule] {
    var elements: [AddressFamily: [VerdictMap.Element]] = [:]
    var keys: Set<ElementKey> = []
    for flow in flows where isExact(flow.rule, in: .forward, context) {
      for flowCase in flow.cases {
        guard let family = flowCase.family else { continue }
        for element in exactElements(flow.rule, flowCase, context)
        where keys.insert(element.key).inserted {
          elements[family, default: []].append(element)
        }
      }
    }
    return AddressFamily.allCases.compactMap { family in
      guard let elements = elements[family] else { return nil }
      let fields: [KeyField] = [
        .inputInterface, .sourceAddress(family), .destinationAddress(family), .transport,
        .destinationPort,
      ]
      let map = "\(name)\(family.rawValue)"
      add(VerdictMap(map, fields, elements: elements))
      return Rule([.family(family)], [.dispatch(fields, map: map)])
    }
  }

  private func exactElements(
    _ flow: AccessRule, _ flowCase: FlowCase, _ context: LoweringContext
  ) -> [VerdictMap.Element] {
    guard case .network(let index) = flowCase.source.zone else { return [] }
    let verdict = flow.verb == .allow ? Verdict.accept : context.denial
    let origin = context.origin(flow.span)
    var result: [VerdictMap.Element] = []
    for source in addresses(flowCase.source) {
      for destination in addresses(flowCase.destination) {
        for case .ports(let transport, let ports) in flow.services {
          for range in ports {
            let key: ElementKey = [
              .interface(context.interface(index)), .address(source), .address(destination),
              .transport(transport), .ports(range),
            ]
            result.append(VerdictMap.Element(key, verdict, origin: origin))
          }
        }
      }
    }
    return result
  }

  /// The endpoint's guests one by one: neighbors were merged into ranges.
  private func addresses(_ endpoint: Endpoint) -> [IPAddress] {
    (endpoint.ranges ?? []).flatMap { range in
      (0...(range.upperBits - range.lowerBits)).map {
        IPAddress(family: range.family, bits: range.lowerBits + $0)
      }
    }
  }
}
