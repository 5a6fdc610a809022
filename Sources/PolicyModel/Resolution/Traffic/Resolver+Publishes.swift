import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  /// Resolves one publish line to a publish for each protocol and port; a line with an error is
  /// left out.
  mutating func resolvePublish(_ node: PublishStatement, place: Int, in network: Int?) {
    if !node.hasDetails, !node.hostNumbers.isAutomatic {
      return resolvePlain(node, place: place, in: network)
    }
    let target = publishTarget(node, in: network)
    let transports = publishProtocols(node)
    let ports = publishPorts(node)
    let address = publishAddress(node)
    let hasClauses = node.hasDetails && node.hasClauses
    let clauses = hasClauses ? resolveClauses(node.clauses, in: network) : nil
    guard let target, let transports, let ports, let address, clauses?.isDamaged != true else {
      return
    }
    let own = draft.networks[target.network].guestFamilies[target.guest]
    let families = own.intersection(address.families)
    if families.isEmpty { return reportFamilies(node, target, address.families) }
    let form = PublishForm(
      span: node.span, address: address.address, families: families, target: target,
      terms: clauses.flatMap { terms($0) })
    let start = draft.policy.publishes.count
    append(form, transports.first, ports, node)
    if let second = transports.second { append(form, second, ports, node) }
    draft.publishLines.append(
      PublishLine(
        network: network, place: place, span: node.span,
        publishes: start..<draft.policy.publishes.count, traits: traits(node, ports, clauses)))
  }

  /// The same for a line that says one protocol, a port and a target, as nearly all do: it makes
  /// one publish, so nothing is kept in lists.
  private mutating func resolvePlain(_ node: PublishStatement, place: Int, in network: Int?) {
    let target = publishTarget(node, in: network)
    let transport = publishProtocol(of: node)
    let ports = onePort(node)
    guard let target, let transport, let ports else { return }
    let families = draft.networks[target.network].guestFamilies[target.guest]
    if families.isEmpty { return reportFamilies(node, target, .both) }
    let index = draft.policy.publishes.count
    draft.policy.publishes.append(
      Publish(
        transport: transport, hostAddress: nil, families: families, hostPorts: ports.outside,
        network: target.network, guest: target.guest, targetPort: ports.inside.lower, terms: nil,
        span: node.span))
    draft.publishLines.append(
      PublishLine(
        network: network, place: place, span: node.span, publishes: index..<index + 1, traits: []))
  }

  @inline(__always)
  private mutating func publishTarget(
    _ node: PublishStatement, in network: Int?
  ) -> GuestReference? {
    if let network, let name = node.shortTarget,
      let target = symbols.findNext(name, in: network)
    {
      return target
    }
    return lookUpGuest(node.target, in: network, for: "`publish`")
  }

  private func traits(
    _ node: PublishStatement, _ ports: PortMappings, _ clauses: ResolvedClauses?
  ) -> PublishLine.Traits {
    var result: PublishLine.Traits = []
    if node.hasDetails, node.hostAddress != nil { result.insert(.hostAddress) }
    if ports.hasAutomatic { result.insert(.automaticPort) }
    if let clauses {
      result.insert(.clauses)
      if clauses.sources != nil { result.insert(.sources) }
    }
    return result
  }

  private mutating func append(
    _ form: PublishForm, _ transport: TransportProtocol, _ ports: PortMappings,
    _ node: PublishStatement
  ) {
    switch ports {
    case .one(let mapping): append(form, transport, mapping, node)
    case .several(let mappings):
      for mapping in mappings { append(form, transport, mapping, node) }
    }
  }

  private mutating func append(
    _ form: PublishForm, _ transport: TransportProtocol, _ mapping: PortMapping,
    _ node: PublishStatement
  ) {
    if mapping.outside == nil {
      automaticPorts.append(
        AutomaticPort(
          publish: draft.policy.publishes.count, hostAddress: node.hostAddress?.text ?? "*",
          at: mapping.span))
    }
    draft.policy.publishes.append(form.publish(transport, mapping))
  }

  /// Keeps what the clauses say; `nil` where they say nothing.
  private mutating func terms(_ clauses: ResolvedClauses) -> Int? {
    let sources = clauses.sources ?? []
    // `from any` says what is so without it; that it was said is remembered with the line.
    let terms = Publish.Terms(
      sources: sources.contains(.any) ? [] : sources,
      exceptions: (clauses.exceptions + clauses.sourceExceptions).map(\.peer),
      clauses: clauses.clauses)
    if terms == .open { return nil }
    draft.policy.terms.append(terms)
    return draft.policy.terms.count - 1
  }

  private mutating func reportFamilies(
    _ node: PublishStatement, _ target: GuestReference, _ wanted: FamilySet
  ) {
    guard !draft.networks[target.network].isDamaged else { return }
    log.add(.publishFamily(node, wanted))
  }

  private mutating func publishProtocols(_ node: PublishStatement) -> TransportPair? {
    guard let first = publishProtocol(of: node) else { return nil }
    guard node.hasDetails, let word = node.secondTransport else {
      return TransportPair(first: first, second: nil)
    }
    guard let second = publishProtocol(word.keyword) else {
      log.add(.publishProtocol(word))
      return nil
    }
    if first == second {
      log.add(.publishProtocolTwice(word))
      return nil
    }
    return TransportPair(first: first, second: second)
  }

  /// The first protocol.
  @inline(__always)
  private mutating func publishProtocol(of node: PublishStatement) -> TransportProtocol? {
    let transport = publishProtocol(node.transportKeyword)
    if transport == nil { log.add(.publishProtocol(node.transport)) }
    return transport
  }

  @inline(__always)
  private func publishProtocol(_ word: Keyword) -> TransportProtocol? {
    // As patterns: to compare words of another target takes calls.
    if case .tcp = word { return .tcp }
    if case .udp = word { return .udp }
    if case .sctp = word { return .sctp }
    return nil
  }

  /// The host address and the families it stands for; an unspecified address is every address of
  /// its family.
  private mutating func publishAddress(
    _ node: PublishStatement
  ) -> (address: IPAddress?, families: FamilySet)? {
    guard node.hasDetails, let syntax = node.hostAddress else { return (nil, .both) }
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
  let address: IPAddress?
  let families: FamilySet
  let target: GuestReference
  let terms: Int?

  func publish(_ transport: TransportProtocol, _ mapping: PortMapping) -> Publish {
    Publish(
      transport: transport, hostAddress: address, families: families,
      hostPorts: mapping.outside ?? AutomaticPort.unknown, network: target.network,
      guest: target.guest, targetPort: mapping.inside, terms: terms, span: span)
  }
}
