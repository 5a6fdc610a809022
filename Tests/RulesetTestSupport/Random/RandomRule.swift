import Netfilter
import NetworkTypes

/// A rule in the making, that asks for no two things at once that exclude each other.
struct RandomRule {
  let table: Table
  let hook: Hook
  let capabilities: Set<Capability>
  var values: RandomValues
  private(set) var matches: [Match] = []
  private(set) var actions: [Action] = []

  private var family: AddressFamily?
  private var transport: TransportProtocol?
  private var isARP = false

  init(table: Table, hook: Hook, capabilities: Set<Capability>, values: RandomValues) {
    self.table = table
    self.hook = hook
    self.capabilities = capabilities
    self.values = values
    var own = values
    if own.isOne(in: 2) { family = own.family() }
    if own.isOne(in: 2) { transport = own.pick([.tcp, .tcp, .udp, .sctp, .gre, .icmp, .icmpv6]) }
    if transport == .icmp { family = .ipv4 }
    if transport == .icmpv6 { family = .ipv6 }
    isARP = table.family == .bridge && family == nil && transport == nil && own.isOne(in: 4)
    self.values = own
  }

  private var isBridge: Bool { table.family == .bridge }
  private var tracksConnections: Bool { !isBridge || capabilities.contains(.bridgeConntrack) }

  // MARK: Conditions

  mutating func addMatches() {
    if isARP { matches.append(.etherType(.arp)) }
    for _ in 0..<values.number(0...5) { addMatch() }
    if matches.contains(where: \.deniesARPSenderMAC) {
      matches.removeAll(where: \.deniesARPSenderAddress)
    }
    // nft moves comparisons over what counts.
    matches = matches.filter { !$0.counts } + matches.filter(\.counts)
  }

  private mutating func addMatch() {
    switch values.number(0...13) {
    case 0: addFamily()
    case 1: addInterface()
    case 2: addAddress()
    case 3: addAddress()
    case 4:
      if !isBridge {
        let isLocal = values.isOne(in: 2)
        matches.append(
          values.isOne(in: 2) ? .sourceIsLocal(isLocal) : .destinationIsLocal(isLocal))
      }
    case 5: if let transport { matches.append(.transport(transport)) }
    case 6, 7: addPorts()
    case 8: addICMP()
    case 9: addConnection()
    case 10: matches.append(.mark(values.mark()))
    case 11: addLimit()
    case 12: addLinkLayer()
    default: if transport == .tcp { matches.append(.connectionAttempt(values.isOne(in: 2))) }
    }
  }

  private mutating func addFamily() {
    guard let family else { return }
    if isBridge, values.isOne(in: 2) {
      matches.append(.etherType(family == .ipv4 ? .ipv4 : .ipv6))
    } else {
      matches.append(.family(family))
    }
  }

  private mutating func addInterface() {
    let sets = isBridge ? ["interfaces", "ports"] : ["interfaces"]
    let operand: InterfaceMatch =
      switch values.number(0...3) {
      case 0: .equals(values.interface())
      case 1: .differs(values.interface())
      case 2: .isIn(values.pick(sets))
      default: .isNotIn(values.pick(sets))
      }
    let canLeave = hook == .forward || hook == .postrouting
    if canLeave, values.isOne(in: 2) {
      matches.append(.outputInterface(operand))
    } else {
      matches.append(.inputInterface(operand))
    }
  }

  private mutating func addressMatch(_ family: AddressFamily) -> AddressMatch {
    let sets = family == .ipv4 ? ["some4", "more4"] : ["some6", "more6"]
    return AddressMatch(
      values.isOne(in: 3) ? .set(values.pick(sets), family) : .range(values.range(family)),
      negated: values.isOne(in: 3))
  }

  private mutating func addAddress() {
    if isARP {
      let match = addressMatch(.ipv4)
      return matches.append(
        values.isOne(in: 3) ? .arpTargetAddress(match) : .arpSenderAddress(match))
    }
    let own = family ?? values.family()
    family = own
    let match = addressMatch(own)
    matches.append(values.isOne(in: 2) ? .source(match) : .destination(match))
  }

  private mutating func addPorts() {
    guard let transport, transport.hasPorts else { return }
    if !matches.contains(.transport(transport)) { matches.append(.transport(transport)) }
    let ports = values.ports()
    matches.append(values.isOne(in: 2) ? .sourcePort(ports) : .destinationPort(ports))
  }

  private mutating func addICMP() {
    guard transport == .icmp || transport == .icmpv6, let family else { return }
    guard !matches.contains(where: \.isICMP) else { return }
    let isDiscovery = family == .ipv6 && values.isOne(in: 2)
    let type = UInt8(values.pick(isDiscovery ? [135, 136] : [0, 3, 8, 41, 128, 255]))
    let code: UInt8? = values.isOne(in: 2) ? nil : UInt8(values.number(0...4))
    matches.append(.icmp(family, type: type, code: code))
    if isDiscovery { matches.append(.neighborTarget(addressMatch(.ipv6))) }
  }

  private mutating func addConnection() {
    guard !isARP else { return }
    if isBridge, values.isOne(in: 2) { return addRemembered() }
    guard tracksConnections else { return }
    switch values.number(0...2) {
    case 0:
      matches.append(
        .connectionState(
          Set((0...values.number(0...3)).map { _ in values.pick(ConnectionState.allCases) })))
    case 1: matches.append(.destinationTranslated(values.isOne(in: 2)))
    default: matches.append(.originalDirection)
    }
  }

  /// A key of flows that packets of this rule may have, and its set.
  private mutating func flow() -> (key: FlowKey, set: String)? {
    let fitting = table.sets.compactMap { set -> (FlowKey, String)? in
      guard case .flows(let key, _) = set.content else { return nil }
      switch key {
      case .ports(let own, let ports):
        guard transport == nil || transport == ports else { return nil }
        return family == nil || family == own ? (key, set.name) : nil
      case .echo(let own), .addresses(let own):
        return family == nil || family == own ? (key, set.name) : nil
      }
    }
    guard !fitting.isEmpty, !isARP else { return nil }
    let (key, set) = values.pick(fitting)
    switch key {
    case .ports(let own, let ports): (family, transport) = (own, ports)
    case .echo(let own), .addresses(let own): family = own
    }
    return (key, set)
  }

  private mutating func addRemembered() {
    guard let (key, set) = flow() else { return }
    matches.append(.remembered(key, set: set, values.pick(FlowSide.allCases)))
  }

  private mutating func addLimit() {
    let isMetered = !isARP && values.isOne(in: 2)
    let own = family ?? values.family()
    if isMetered { family = own }
    let suffix = own == .ipv4 ? "4" : "6"
    if !isBridge, values.isOne(in: 3) {
      let count = UInt32(values.number(1...500))
      matches.append(
        .connectionsOver(count: count, perSource: isMetered, meter: "connections" + suffix))
      if isMetered { matches.insert(.family(own), at: 0) }
      return
    }
    matches.append(
      .limit(
        Limit(
          count: UInt32(values.number(1...1000)), unit: values.pick(Limit.Unit.allCases),
          burst: UInt32(values.number(1...5000)),
          perSourceMeter: isMetered ? "rate" + suffix : nil)))
    if isMetered { matches.insert(.family(own), at: 0) }
  }

  private mutating func addLinkLayer() {
    if isARP, values.isOne(in: 2) {
      return matches.append(.arpSenderMAC(values.mac(), negated: values.isOne(in: 3)))
    }
    if isBridge, capabilities.contains(.bridgeMeta), values.isOne(in: 2) {
      let name = values.interface()
      return matches.append(values.isOne(in: 2) ? .inputBridge(name) : .outputBridge(name))
    }
    // Packets that leave have no sender's hardware address yet.
    guard hook != .postrouting else { return }
    matches.append(.sourceMAC(values.mac(), negated: values.isOne(in: 3)))
  }

  // MARK: Effects

  mutating func addActions(
    _ purpose: BaseChain.Purpose, callees: [String], callable: [VerdictMap]
  ) {
    for _ in 0..<values.number(0...3) { addEffect(callable) }
    if values.isOne(in: 4) { return }
    switch (purpose, hook) {
    case (.nat, .prerouting): addDestinationNAT()
    case (.nat, _): addSourceNAT()
    case (.filter, _): addEnd(callees)
    }
  }

  private mutating func addEffect(_ callable: [VerdictMap]) {
    switch values.number(0...6) {
    case 0: actions.append(.counter)
    case 1:
      actions.append(
        .log(
          prefix: values.pick(
            ["denied: ", "a \"b\"", "\\", "\u{e9}", String(repeating: "x", count: 140)])))
    case 2: actions.append(.setMark(values.mark()))
    case 3: addDispatch(callable)
    case 4: addClamp()
    case 5: addChecksum()
    default: addMemory()
    }
  }

  private mutating func addDispatch(_ callable: [VerdictMap]) {
    let canLeave = hook == .forward || hook == .postrouting
    let fitting = callable.filter { map in
      let families = map.fields.compactMap(\.addressFamily)
      guard families.allSatisfy({ family == nil || family == $0 }) else { return false }
      return canLeave || !map.fields.contains(.outputInterface)
    }
    guard !fitting.isEmpty, !isARP, !losesItsPlace else { return }
    let map = values.pick(fitting)
    if let own = map.fields.lazy.compactMap(\.addressFamily).first { family = own }
    actions.append(.dispatch(map.fields, map: map.name))
  }

  /// Whether nft would join the comparison of a hardware address with one of the frame's type, and
  /// so move it over what counts or has an effect.
  private var losesItsPlace: Bool {
    guard !actions.isEmpty || matches.contains(where: \.counts) else { return false }
    return matches.contains { if case .sourceMAC = $0 { true } else { false } }
  }

  private mutating func addClamp() {
    guard !isBridge, hook == .forward, transport == nil || transport == .tcp else { return }
    transport = .tcp
    actions.append(.clampMSS(values.isOne(in: 2) ? nil : UInt16(values.number(500...9000))))
  }

  private mutating func addChecksum() {
    guard !isARP, transport == nil || transport == .udp, family != .ipv6 else { return }
    (family, transport) = (.ipv4, .udp)
    actions.append(.fixChecksum)
  }

  private mutating func addMemory() {
    guard isBridge else { return }
    if values.isOne(in: 3) { return actions.append(.learnOutputInterface(set: "ports")) }
    guard let (key, set) = flow() else { return }
    actions.append(.remember(key, set: set))
  }

  private mutating func addEnd(_ callees: [String]) {
    if !isBridge, values.isOne(in: 4) {
      let canReset = transport == nil || transport == .tcp
      actions.append(.reject(canReset && values.isOne(in: 2) ? .tcpReset : .prohibited))
      return
    }
    var verdicts: [Verdict] = [.accept, .drop, .return]
    if let callee = callees.isEmpty ? nil : values.pick(callees) {
      verdicts += [.jump(callee), .goto(callee)]
    }
    actions.append(.verdict(values.pick(verdicts)))
  }

  private mutating func addDestinationNAT() {
    let own = family ?? values.family()
    let maps = table.addressMaps.filter { map in
      guard map.family == own, !losesItsPlace else { return false }
      return map.transport == nil || transport == nil || transport == map.transport
    }
    if !maps.isEmpty, values.isOne(in: 2) {
      let map = values.pick(maps)
      if transport == nil || transport?.hasPorts == true || map.transport != nil {
        return actions.append(.destinationNAT(.map(map.name)))
      }
    }
    actions.append(.destinationNAT(.address(values.address(own))))
  }

  private mutating func addSourceNAT() {
    let hasPorts = transport?.hasPorts == true && values.isOne(in: 2)
    if hasPorts, let transport, !matches.contains(.transport(transport)) {
      matches.append(.transport(transport))
    }
    let ports = hasPorts ? values.portRange() : nil
    let order = values.pick([SourcePortOrder.kernel, .random, .fullyRandom])
    if values.isOne(in: 2) { return actions.append(.masquerade(ports: ports, order)) }
    let own = family ?? values.family()
    actions.append(
      .sourceNAT(SourceNAT(addresses: values.range(own), ports: ports, order: order)))
  }
}

extension Match {
  fileprivate var counts: Bool {
    if case .limit = self { return true }
    if case .connectionsOver = self { return true }
    return false
  }

  fileprivate var deniesARPSenderMAC: Bool {
    if case .arpSenderMAC(_, negated: true) = self { true } else { false }
  }

  fileprivate var deniesARPSenderAddress: Bool {
    if case .arpSenderAddress(let match) = self { match.negated } else { false }
  }

  fileprivate var isICMP: Bool {
    if case .icmp = self { true } else { false }
  }
}

extension KeyField {
  fileprivate var addressFamily: AddressFamily? {
    switch self {
    case .sourceAddress(let family), .destinationAddress(let family): family
    case .inputInterface, .outputInterface, .transport, .destinationPort: nil
    }
  }
}
