import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  /// Resolves one publish line to a publish for each protocol and port; a line with an error is
  /// left out.
  mutating func resolvePublish(_ node: PublishStatement, in network: Int?) {
    let target = lookUpGuest(node.target, in: network, for: "`publish`")
    let transports = publishProtocols(node)
    let ports = publishPorts(node)
    let address = publishAddress(node)
    var clauses = ResolvedClauses()
    if !node.clauses.isEmpty { clauses = resolveClauses(node.clauses, in: network) }
    guard let target, let transports, let ports, let address, !clauses.isDamaged else { return }
    let guest = draft.policy.networks[target.network].guests[target.guest]
    let families = FamilySet(guest).intersection(address.families)
    if families.isEmpty {
      return reportFamilies(node, target, address.families)
    }
    let sources = clauses.sources ?? []
    let form = PublishForm(
      address: address.address, hostText: node.hostAddress?.text ?? "*",
      families: families.families, target: target,
      sources: sources.contains(.any) ? [] : sources,
      exceptions: (clauses.exceptions + clauses.sourceExceptions).map(\.peer),
      clauses: clauses.clauses, span: node.span)
    append(node, form, transports, ports, in: network)
  }

  private mutating func append(
    _ node: PublishStatement, _ form: PublishForm, _ transports: [TransportProtocol],
    _ ports: [PortMapping], in network: Int?
  ) {
    let start = draft.policy.publishes.count
    for transport in transports {
      for mapping in ports {
        if mapping.outside == nil {
          automaticPorts.append(
            AutomaticPort(
              publish: draft.policy.publishes.count, hostAddress: form.hostText, at: mapping.span))
        }
        draft.policy.publishes.append(form.publish(transport, mapping))
      }
    }
    draft.publishLines.append(
      PublishLine(
        statement: node, network: network, publishes: start..<draft.policy.publishes.count))
  }

  private mutating func reportFamilies(
    _ node: PublishStatement, _ target: GuestReference, _ wanted: FamilySet
  ) {
    guard !draft.networks[target.network].isDamaged else { return }
    log.add(.publishFamily(node, wanted))
  }

  private mutating func publishProtocols(_ node: PublishStatement) -> [TransportProtocol]? {
    var result: [TransportProtocol] = []
    result.reserveCapacity(node.protocols.count)
    for name in node.protocols {
      switch name.text {
      case "tcp": result.append(.tcp)
      case "udp": result.append(.udp)
      case "sctp": result.append(.sctp)
      default:
        log.add(.publishProtocol(name))
        return nil
      }
    }
    if result.count > 1, Set(result).count < result.count {
      log.add(.publishProtocolTwice(node.protocols[node.protocols.count - 1]))
      return nil
    }
    return result
  }

  /// The host address and the families it stands for; an unspecified address is every address of
  /// its family.
  private mutating func publishAddress(
    _ node: PublishStatement
  ) -> (address: IPAddress?, families: FamilySet)? {
    guard let syntax = node.hostAddress else { return (nil, .both) }
    guard let address = readAddress(syntax, role: "a host address") else { return nil }
    return (address.isUnspecified ? nil : address, FamilySet(address.family))
  }

  /// Pairs outside and inside ports one for one.
  private mutating func publishPorts(_ node: PublishStatement) -> [PortMapping]? {
    if node.hostPorts.count == 1, node.targetPort == nil, !node.hostPorts[0].isAutomatic {
      guard let range = readPort(node.hostPorts[0]) else { return nil }
      return [PortMapping(outside: range, inside: range.lower, span: node.hostPorts[0].span)]
    }
    var outside: [PortRange?] = []
    var count = 0
    for port in node.hostPorts {
      if port.isAutomatic {
        outside.append(nil)
        count += 1
        continue
      }
      guard let range = readPort(port) else { return nil }
      outside.append(range)
      count += range.count
    }
    return pair(outside, count, node)
  }

  private mutating func pair(
    _ outside: [PortRange?], _ count: Int, _ node: PublishStatement
  ) -> [PortMapping]? {
    guard let syntax = node.targetPort else {
      if let index = outside.firstIndex(of: nil) {
        log.add(.automaticWithoutTarget(node.hostPorts[index]))
        return nil
      }
      return zip(outside, node.hostPorts).compactMap { range, syntax in
        range.map { PortMapping(outside: $0, inside: $0.lower, span: syntax.span) }
      }
    }
    guard let inside = readPort(syntax) else { return nil }
    guard inside.count == count else {
      log.add(.portCount(node, syntax, outside: count, inside: inside.count))
      return nil
    }
    var next = Int(inside.lower)
    var result: [PortMapping] = []
    for (range, syntax) in zip(outside, node.hostPorts) {
      result.append(PortMapping(outside: range, inside: UInt16(next), span: syntax.span))
      next += range?.count ?? 1
    }
    return result
  }
}

/// Outside ports and the first inside port; no outside ports where `auto` picks one.
struct PortMapping {
  let outside: PortRange?
  let inside: UInt16
  let span: SourceSpan
}

/// What all publishes of one line share.
private struct PublishForm {
  let address: IPAddress?
  let hostText: String
  let families: [AddressFamily]
  let target: GuestReference
  let sources: [Peer]
  let exceptions: [Peer]
  let clauses: FlowClauses
  let span: SourceSpan

  func publish(_ transport: TransportProtocol, _ mapping: PortMapping) -> Publish {
    Publish(
      transport: transport, hostAddress: address, families: families,
      hostPorts: mapping.outside ?? AutomaticPort.unknown, network: target.network,
      guest: target.guest, targetPort: mapping.inside, sources: sources, exceptions: exceptions,
      clauses: clauses, span: span)
  }
}
