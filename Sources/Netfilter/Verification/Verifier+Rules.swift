import NetworkTypes

extension Verifier {
  mutating func check(_ rule: Rule, in chain: Chain) {
    let reach = graph.reach(of: chain.name)
    var families: Set<AddressFamily> = []
    var transport: TransportProtocol?
    for match in rule.matches {
      if let family = match.family { families.insert(family) }
      if case .transport(let own) = match { transport = own }
      check(match, after: transport, reach, rule.origin)
    }
    for (index, action) in rule.actions.enumerated() {
      if let family = self.family(of: action) { families.insert(family) }
      check(action, transport: transport, reach, rule.origin)
      if index + 1 < rule.actions.count, action.endsRule {
        report(.unreachableEffect, rule.origin)
      }
    }
    if families.count > 1 { report(.mixedFamilies, rule.origin) }
    if rule.deniesBothARPSenders { report(.neitherARPSender, rule.origin) }
  }

  private mutating func check(
    _ match: Match, after transport: TransportProtocol?, _ reach: ChainGraph.Reach,
    _ origin: Origin?
  ) {
    if let family = match.tableFamily, family != table.family {
      report(.wrongTable(table.family), origin)
    }
    switch match {
    case .inputInterface(let match):
      check(match, origin)
      if reach.contains(.output) { report(.inputInterfaceUnknown(.output), origin) }
    case .outputInterface(let match):
      check(match, origin)
      for hook in [Hook.prerouting, .input] where reach.contains(hook) {
        report(.outputInterfaceUnknown(hook), origin)
      }
    case .source(let match), .destination(let match), .arpSenderAddress(let match),
      .arpTargetAddress(let match), .neighborTarget(let match):
      check(match, origin)
    case .sourcePort(let ports), .destinationPort(let ports):
      if ports.isEmpty { report(.emptyList, origin) }
      if transport?.hasPorts != true { report(.portsWithoutProtocol, origin) }
    case .connectionState(let states): if states.isEmpty { report(.emptyList, origin) }
    case .limit(let limit):
      guard let meter = limit.perSourceMeter else { return }
      noteMeter(rate: meter)
      checkSet(meter, origin) { $0.isMeter }
    case .connectionsOver(_, let perSource, let meter):
      guard perSource else { return }
      noteMeter(connections: meter)
      checkSet(meter, origin) { $0.isMeter }
    case .remembered(let key, let set, _): checkSet(set, origin) { $0.holds(key) }
    case .family, .inputBridge, .outputBridge, .sourceIsLocal, .destinationIsLocal, .transport,
      .icmp, .destinationTranslated, .originalDirection, .mark, .sourceMAC, .etherType,
      .arpSenderMAC, .connectionAttempt:
      return
    }
  }

  private mutating func check(
    _ action: Action, transport: TransportProtocol?, _ reach: ChainGraph.Reach, _ origin: Origin?
  ) {
    switch action {
    case .verdict(let verdict): check(verdict, origin)
    case .dispatch(let fields, let map): check(lookup: fields, in: map, origin)
    case .destinationNAT(let translation):
      checkNAT(reach, at: [.prerouting, .output], origin)
      guard case .map(let name) = translation else { return }
      if addressMaps[name] == nil { report(.unknownMap(name), origin) }
    case .sourceNAT(let translation):
      checkNAT(reach, at: [.input, .postrouting], origin)
      check(rewritten: translation.ports, transport, origin)
    case .masquerade(let ports, _):
      checkNAT(reach, at: [.postrouting], origin)
      check(rewritten: ports, transport, origin)
    case .remember(let key, let set): checkSet(set, origin) { $0.holds(key) }
    case .learnOutputInterface(let set): checkSet(set, origin) { $0.holdsLearnedInterfaces }
    case .counter, .log, .setMark, .reject, .clampMSS, .fixChecksum: return
    }
  }

  private mutating func check(
    rewritten ports: PortRange?, _ transport: TransportProtocol?, _ origin: Origin?
  ) {
    guard ports != nil, transport?.hasPorts != true else { return }
    report(.portsWithoutProtocol, origin)
  }

  private mutating func checkNAT(
    _ reach: ChainGraph.Reach, at hooks: [Hook], _ origin: Origin?
  ) {
    if table.family != .inet { report(.wrongTable(table.family), origin) }
    if reach.isCalledOutsideNAT { report(.natOutsideNatChain, origin) }
    for hook in Hook.allCases where reach.contains(hook) && !hooks.contains(hook) {
      report(.natAtWrongHook(hook), origin)
    }
  }

  private mutating func check(_ match: InterfaceMatch, _ origin: Origin?) {
    switch match {
    case .equals, .differs: return
    case .isIn(let set), .isNotIn(let set): checkSet(set, origin) { $0.holdsInterfaces }
    }
  }

  private mutating func check(_ match: AddressMatch, _ origin: Origin?) {
    guard case .set(let name, let family) = match.operand else { return }
    checkSet(name, origin) { $0.holdsAddresses(of: family) }
  }

  private mutating func checkSet(
    _ name: String, _ origin: Origin?, _ isRight: (NamedSet.Content) -> Bool
  ) {
    guard let content = sets[name] else {
      report(.unknownSet(name), origin)
      return
    }
    if !isRight(content) { report(.wrongSetContent(name), origin) }
  }

  private func family(of action: Action) -> AddressFamily? {
    switch action {
    case .destinationNAT(.address(let address)): address.family
    case .destinationNAT(.map(let name)): addressMaps[name]?.family
    case .sourceNAT(let translation): translation.addresses.family
    case .dispatch(let fields, _): fields.lazy.compactMap(\.family).first
    case .remember(let key, _): key.family
    case .counter, .log, .setMark, .verdict, .reject, .masquerade, .clampMSS, .fixChecksum,
      .learnOutputInterface:
      nil
    }
  }
}

extension Rule {
  fileprivate var deniesBothARPSenders: Bool {
    matches.contains { if case .arpSenderMAC(_, negated: true) = $0 { true } else { false } }
      && matches.contains {
        if case .arpSenderAddress(let match) = $0 { match.negated } else { false }
      }
  }
}
