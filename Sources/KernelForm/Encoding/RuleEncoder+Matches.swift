import Netfilter
import NetworkTypes

extension RuleEncoder {
  mutating func write(_ match: Match) {
    switch match {
    case .family(let family): compareFamily(family)
    case .etherType(let type): writeEtherType(type)
    case .inputInterface(let operand): writeInterface(.inputName, operand, match)
    case .outputInterface(let operand): writeInterface(.outputName, operand, match)
    case .inputBridge(let name): writeMeta(.inputBridge, padded(name), match)
    case .outputBridge(let name): writeMeta(.outputBridge, padded(name), match)
    case .source(let address): writeAddress(address, match, isSource: true)
    case .destination(let address): writeAddress(address, match, isSource: false)
    case .sourceIsLocal(let isLocal): writeLocal(flags: FIBFlag.source, isLocal, match)
    case .destinationIsLocal(let isLocal): writeLocal(flags: FIBFlag.destination, isLocal, match)
    case .transport(let transport): compareTransport(transport)
    case .sourcePort(let ports): writePorts(offset: 0, ports.merged) { .sourcePort($0) }
    case .destinationPort(let ports): writePorts(offset: 2, ports.merged) { .destinationPort($0) }
    case .icmp(let family, let type, let code): writeICMP(family, type: type, code: code, match)
    case .connectionState(let states): writeStates(states, match)
    case .destinationTranslated(let isTranslated): writeTranslated(isTranslated, match)
    case .originalDirection:
      condition(
        [
          .conntrack(.direction, direction: nil, into: .first),
          .compare(.first, .equal, value: [0]),
        ], [match])
    case .mark(let mark): writeMark(mark, match)
    case .limit(let limit): writeLimit(limit, match)
    case .connectionsOver(let count, let perSource, let meter):
      writeConnections(over: count, meter: perSource ? meter : nil)
    case .sourceMAC(let address, let negated):
      needEthernet()
      writeMAC(address, negated, .linkLayer, offset: 6, match)
    case .arpSenderAddress(let address):
      needARP()
      write(address, at: .network, offset: 14, match)
    case .arpSenderMAC(let address, let negated):
      needARP()
      writeMAC(address, negated, .network, offset: 8, match)
    case .arpTargetAddress(let address):
      needARP()
      write(address, at: .network, offset: 24, match)
    case .neighborTarget(let address): writeNeighborTarget(address)
    case .connectionAttempt(let isAttempt):
      need(.tcp)
      condition(flagComparison(mask: TCPFlag.attempt, isEqual: isAttempt), [match])
    case .remembered(let key, let set, let side):
      writeRemembered(key.components(swapped: side == .answering), set, match)
    }
  }

  private mutating func writeEtherType(_ type: EtherType) {
    switch type {
    case .ipv4: compareProtocol(type, [.family(.ipv4)])
    case .ipv6: compareProtocol(type, [.family(.ipv6)])
    case .arp: compareProtocol(type, [.etherType(type)])
    }
  }

  private mutating func writeMeta(_ key: MetaKey, _ value: [UInt8], _ match: Match) {
    condition([.meta(key, into: .first), .compare(.first, .equal, value: value)], [match])
  }

  private mutating func writeInterface(_ key: MetaKey, _ operand: InterfaceMatch, _ match: Match) {
    let test: Expression =
      switch operand {
      case .equals(let name): .compare(.first, .equal, value: padded(name))
      case .differs(let name): .compare(.first, .notEqual, value: padded(name))
      case .isIn(let set): .lookup(set: set, key: .first, data: nil, inverted: false)
      case .isNotIn(let set): .lookup(set: set, key: .first, data: nil, inverted: true)
      }
    condition([.meta(key, into: .first), test], [match])
  }

  private mutating func writeLocal(flags: UInt32, _ isLocal: Bool, _ match: Match) {
    let local = hostOrder(FIBFlag.localType)
    condition(
      [
        .fib(.addressType, flags: flags, into: .first),
        .compare(.first, isLocal ? .equal : .notEqual, value: local),
      ], [match])
  }

  private mutating func writeICMP(
    _ family: AddressFamily, type: UInt8, code: UInt8?, _ match: Match
  ) {
    needICMP(family)
    payload(
      PayloadMatch(base: .transport, offset: 0, value: [type], namesProtocol: true), [match])
    if let code { payload(PayloadMatch(base: .transport, offset: 1, value: [code])) }
  }

  private mutating func writeStates(_ states: Set<ConnectionState>, _ match: Match) {
    let mask = states.sorted().reduce(0) { $0 | $1.bit }
    condition(
      [.conntrack(.state, direction: nil, into: .first)] + masked(mask)
        + [.compare(.first, .notEqual, value: hostOrder(0))], [match])
  }

  private mutating func writeTranslated(_ isTranslated: Bool, _ match: Match) {
    condition(
      [.conntrack(.status, direction: nil, into: .first)] + masked(ConntrackStatus.translated)
        + [.compare(.first, isTranslated ? .notEqual : .equal, value: hostOrder(0))], [match])
  }

  private mutating func writeMark(_ mark: PacketMark, _ match: Match) {
    condition(
      [.meta(.mark, into: .first)] + (mark.mask == .max ? [] : masked(mark.mask))
        + [.compare(.first, .equal, value: hostOrder(mark.value))], [match])
  }

  private func masked(_ mask: UInt32) -> [Expression] {
    [.bitwise(from: .first, into: .first, mask: hostOrder(mask), xor: hostOrder(0))]
  }

  /// Compares the flags of a TCP header under `mask` with SYN.
  func flagComparison(mask: UInt8, isEqual: Bool) -> [Expression] {
    [
      .payload(.transport, offset: 13, length: 1, into: .first),
      .bitwise(from: .first, into: .first, mask: [mask], xor: [0]),
      .compare(.first, isEqual ? .equal : .notEqual, value: [TCPFlag.syn]),
    ]
  }

  private mutating func writeMAC(
    _ address: MACAddress, _ negated: Bool, _ base: PayloadBase, offset: UInt32, _ match: Match
  ) {
    payload(
      PayloadMatch(
        base: base, offset: offset, value: bigEndian(address.bits, count: 6), isNegated: negated),
      [match])
  }

  private mutating func writeLimit(_ limit: Limit, _ match: Match) {
    let rate = Expression.limit(
      rate: UInt64(limit.count), unit: limit.unit.seconds, burst: limit.burst, type: 0, flags: 0)
    guard let meter = limit.perSourceMeter else { return effect([rate], [match]) }
    writeMeter(meter, .update, rate, match)
  }

  private mutating func writeConnections(over count: UInt32, meter: String?) {
    let test = Expression.connectionLimit(count: count, flags: 1)
    let match = Match.connectionsOver(
      count: count, perSource: meter != nil, meter: meter ?? unusedMeter)
    guard let meter else { return effect([test], [match]) }
    writeMeter(meter, .add, test, match)
  }

  private mutating func writeMeter(
    _ meter: String, _ update: SetUpdate, _ test: Expression, _ match: Match
  ) {
    let isIPv6 = if case .meter(.ipv6) = table.sets[meter] { true } else { false }
    let component = KeyComponent.address(isIPv6 ? .ipv6 : .ipv4, isSource: true)
    need([component])
    effect(
      loads([component]) + [
        .dynamicSet(update, set: meter, key: .first, timeout: 0, Expressions([test]))
      ], [match])
  }

  private mutating func writeRemembered(
    _ components: [KeyComponent], _ set: String, _ match: Match
  ) {
    need(components)
    condition(
      loads(components) + [.lookup(set: set, key: .first, data: nil, inverted: false)], [match])
  }
}

/// The name of a meter that nothing counts in, where the representation asks for one.
let unusedMeter = ""
