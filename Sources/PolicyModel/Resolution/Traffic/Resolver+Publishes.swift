import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  /// Resolves one publish line to a publish for each protocol and port; a line with an error is
  /// left out.
  mutating func resolvePublish(_ node: PublishStatement, place: Int, in network: Int?) {
    let target = lookUpGuest(node.target, in: network, for: "`publish`")
    let transports = publishProtocols(node)
    let ports = publishPorts(node)
    let address = publishAddress(node)
    var clauses: ResolvedClauses?
    if !node.clauses.isEmpty { clauses = resolveClauses(node.clauses, in: network) }
    guard let target, let transports, let ports, let address, clauses?.isDamaged != true else {
      return
    }
    let own = draft.networks[target.network].guestFamilies[target.guest]
    let families = own.intersection(address.families)
    if families.isEmpty { return reportFamilies(node, target, address.families) }
    let form = PublishForm(
      node: node, address: address.address, families: families.families, target: target,
      clauses: clauses)
    let start = draft.policy.publishes.count
    append(form, transports.first, ports)
    if let second = transports.second { append(form, second, ports) }
    draft.publishLines.append(
      PublishLine(
        network: network, place: place, span: node.span,
        publishes: start..<draft.policy.publishes.count, hasHostAddress: node.hostAddress != nil,
        hasAutomaticPort: ports.hasAutomatic, hasClauses: !node.clauses.isEmpty,
        hasSources: clauses?.sources != nil))
  }

  private mutating func append(
    _ form: PublishForm, _ transport: TransportProtocol, _ ports: PortMappings
  ) {
    switch ports {
    case .one(let mapping): append(form, transport, mapping)
    case .several(let mappings): for mapping in mappings { append(form, transport, mapping) }
    }
  }

  private mutating func append(
    _ form: PublishForm, _ transport: TransportProtocol, _ mapping: PortMapping
  ) {
    if mapping.outside == nil {
      automaticPorts.append(
        AutomaticPort(
          publish: draft.policy.publishes.count, hostAddress: form.hostText ?? "*",
          at: mapping.span))
    }
    draft.policy.publishes.append(form.publish(transport, mapping))
  }

  private mutating func reportFamilies(
    _ node: PublishStatement, _ target: GuestReference, _ wanted: FamilySet
  ) {
    guard !draft.networks[target.network].isDamaged else { return }
    log.add(.publishFamily(node, wanted))
  }

  private mutating func publishProtocols(_ node: PublishStatement) -> TransportPair? {
    guard let first = publishProtocol(node.protocols[0]) else { return nil }
    if node.protocols.count == 1 { return TransportPair(first: first, second: nil) }
    guard let second = publishProtocol(node.protocols[1]) else { return nil }
    if first == second {
      log.add(.publishProtocolTwice(node.protocols[1]))
      return nil
    }
    return TransportPair(first: first, second: second)
  }

  private mutating func publishProtocol(_ name: Identifier) -> TransportProtocol? {
    switch name.text {
    case "tcp": return .tcp
    case "udp": return .udp
    case "sctp": return .sctp
    default:
      log.add(.publishProtocol(name))
      return nil
    }
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
}

/// The one or two protocols of a publish line.
private struct TransportPair {
  let first: TransportProtocol
  let second: TransportProtocol?
}

/// What all publishes of one line share.
private struct PublishForm {
  let span: SourceSpan
  let hostText: String?
  let address: IPAddress?
  let families: [AddressFamily]
  let target: GuestReference
  let terms: Publish.Terms

  init(
    node: PublishStatement, address: IPAddress?, families: [AddressFamily],
    target: GuestReference, clauses: ResolvedClauses?
  ) {
    span = node.span
    hostText = node.hostAddress?.text
    self.address = address
    self.families = families
    self.target = target
    terms = clauses.map { Publish.Terms($0) } ?? .open
  }

  func publish(_ transport: TransportProtocol, _ mapping: PortMapping) -> Publish {
    Publish(
      transport: transport, hostAddress: address, families: families,
      hostPorts: mapping.outside ?? AutomaticPort.unknown, network: target.network,
      guest: target.guest, targetPort: mapping.inside, terms: terms, span: span)
  }
}

extension Publish.Terms {
  fileprivate init(_ clauses: ResolvedClauses) {
    let sources = clauses.sources ?? []
    // `from any` says what is so without it; that it was said is remembered with the line.
    self.init(
      sources: sources.contains(.any) ? [] : sources,
      exceptions: (clauses.exceptions + clauses.sourceExceptions).map(\.peer),
      clauses: clauses.clauses)
  }
}
