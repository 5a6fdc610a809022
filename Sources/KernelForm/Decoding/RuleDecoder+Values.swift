import Netfilter
import NetworkTypes

extension RuleDecoder {
  /// Reads constants and what is made of them.
  mutating func decodeValues(from first: Expression) throws(Unknown) {
    guard case .immediate(let register, let value) = first else {
      throw Unknown(first.kernelName)
    }
    var values = [register: value]
    while case .immediate(let register, let value) = peek() {
      guard values.updateValue(value, forKey: register) == nil else { throw Unknown("immediate") }
      skip()
    }
    let used = peek().map(\.sources) ?? []
    guard used.count == values.count else { throw Unknown("immediate") }
    switch next() {
    case .setMeta(.mark, let register):
      guard let value = values[register].flatMap(UInt32.init(hostOrder:)) else {
        throw Unknown("meta mark")
      }
      try add(.setMark(PacketMark(value: value, mask: .max)))
    case .nat(let nat): try decode(nat, values)
    case .masquerade(let flags, .some(let first), let last):
      guard flags & NATFlag.ports != 0 else { throw Unknown("masq") }
      try addMasquerade(flags, ports: try ports(values[first], values[last ?? first]))
    case .setPayload(.transport, offset: 6, length: 2, let register, let checksum):
      guard values[register] == [0, 0], transport == .udp, network == .ipv4,
        checksum == PayloadChecksum(type: 1, offset: 6, flags: 0)
      else { throw Unknown("payload") }
      try add(.fixChecksum, needs: [.family(.ipv4), .transport(.udp)])
    case .some(let other): throw Unknown(other.kernelName)
    case nil: throw Unknown("immediate")
    }
  }

  private mutating func decode(_ nat: NAT, _ values: [Register: [UInt8]]) throws(Unknown) {
    guard let family = AddressFamily.allCases.first(where: { UInt32($0.number) == nat.family }),
      let first = nat.firstAddress.flatMap({ values[$0] }), first.count == family.byteCount
    else { throw Unknown("nat") }
    let last = try nat.lastAddress.map { register throws(Unknown) in
      guard let last = values[register], last.count == first.count else { throw Unknown("nat") }
      return last
    }
    let lower = IPAddress(family: family, bits: UInt128(bigEndian: first))
    let upper = IPAddress(family: family, bits: UInt128(bigEndian: last ?? first))
    guard let range = AddressRange(lower, upper) else { throw Unknown("nat") }
    switch nat.side {
    case .source:
      let ports = try nat.firstPort.map { register throws(Unknown) in
        try self.ports(values[register], values[nat.lastPort ?? register])
      }
      if ports != nil { try relyOnPorts() }
      let order = try order(nat.flags)
      try add(.sourceNAT(SourceNAT(addresses: range, ports: ports, order: order)))
    case .destination:
      guard nat.firstPort == nil, nat.flags == 0, lower == upper else { throw Unknown("nat") }
      try add(.destinationNAT(.address(lower)))
    }
  }

  private func ports(_ lower: [UInt8]?, _ upper: [UInt8]?) throws(Unknown) -> PortRange {
    guard let lower, let upper, lower.count == 2, upper.count == 2,
      !upper.lexicographicallyPrecedes(lower)
    else { throw Unknown("ports of a rewrite") }
    return PortRange(
      UInt16(truncatingIfNeeded: UInt128(bigEndian: lower)),
      UInt16(truncatingIfNeeded: UInt128(bigEndian: upper)))
  }

  mutating func addMasquerade(_ flags: UInt32, ports: PortRange?) throws(Unknown) {
    if ports != nil { try relyOnPorts() }
    let order = try order(ports == nil ? flags : flags & ~NATFlag.ports)
    try add(.masquerade(ports: ports, order))
  }

  private func order(_ flags: UInt32) throws(Unknown) -> SourcePortOrder {
    switch flags {
    case 0: return .kernel
    case NATFlag.random: return .random
    case NATFlag.fullyRandom: return .fullyRandom
    default: throw Unknown("nat with flags \(flags)")
    }
  }

  /// Reads the segment size that a handshake is given: a number, or what the route allows.
  mutating func decodeClamp() throws(Unknown) {
    let size: UInt16?
    let register: Register
    let source = next()
    if case .immediate(let own, let value) = source, value.count == 2 {
      register = own
      size = UInt16(truncatingIfNeeded: UInt128(bigEndian: value))
    } else if case .route(SegmentSizeOption.routeKey, let own) = source,
      case .byteOrder(own, own, operation: 1, length: 2, size: 2) = next()
    {
      register = own
      size = nil
    } else {
      throw Unknown("tcp flags")
    }
    guard
      case .setExtensionHeader(
        SegmentSizeOption.operation, SegmentSizeOption.type, SegmentSizeOption.offset,
        SegmentSizeOption.length, register) = next()
    else { throw Unknown("exthdr") }
    try add(.clampMSS(size), needs: [.transport(.tcp)])
  }
}

extension Expression {
  /// The registers that constants are read from.
  fileprivate var sources: Set<Register> {
    switch self {
    case .setMeta(_, let register), .setPayload(_, _, _, let register, _): return [register]
    case .nat(let nat):
      let registers = [nat.firstAddress, nat.lastAddress, nat.firstPort, nat.lastPort]
      return Set(registers.compactMap { $0 })
    case .masquerade(_, let first, let last): return Set([first, last].compactMap { $0 })
    case .meta, .payload, .compare, .range, .bitwise, .lookup, .dynamicSet, .immediate, .verdict,
      .conntrack, .fib, .route, .reject, .limit, .connectionLimit, .log, .counter, .extensionHeader,
      .setExtensionHeader, .byteOrder, .other:
      return []
    }
  }
}
