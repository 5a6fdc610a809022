import Netfilter
import NetworkTypes

/// What bytes of a packet are compared with.
enum ByteTest {
  case equals([UInt8], negated: Bool)
  /// Under a mask.
  case masked([UInt8], [UInt8], negated: Bool)
  case between([UInt8], [UInt8], negated: Bool)
}

extension RuleDecoder {
  mutating func decodePayload(
    _ base: PayloadBase, offset: UInt32, length: UInt32, _ register: Register
  ) throws(Unknown) {
    let test = try byteTest(register, length: Int(clamping: length))
    switch base {
    case .linkLayer: try decodeLinkLayer(offset, test)
    case .network: try decodeNetwork(offset, Int(clamping: length), test)
    case .transport: try decodeTransport(offset, Int(clamping: length), test)
    }
  }

  private mutating func byteTest(
    _ register: Register, length: Int
  ) throws(Unknown) -> ByteTest {
    let test = next()
    if case .compare(register, let comparison, let value) = test, value.count == length {
      switch comparison {
      case .equal: return .equals(value, negated: false)
      case .notEqual: return .equals(value, negated: true)
      case .greaterOrEqual: return try between(value, register)
      case .less, .lessOrEqual, .greater: throw Unknown("payload")
      }
    }
    if case .range(register, let inverted, let lower, let upper) = test, lower.count == length,
      upper.count == length
    {
      return try range(lower, upper, negated: inverted)
    }
    if case .bitwise(register, register, let mask, let xor) = test, mask.count == length,
      xor.count == length, xor.allSatisfy({ $0 == 0 })
    {
      return try masked(mask, register)
    }
    throw Unknown("payload")
  }

  private mutating func between(
    _ lower: [UInt8], _ register: Register
  ) throws(Unknown) -> ByteTest {
    guard case .compare(register, .lessOrEqual, let upper) = next(), upper.count == lower.count
    else { throw Unknown("an open range") }
    return try range(lower, upper, negated: false)
  }

  private mutating func masked(_ mask: [UInt8], _ register: Register) throws(Unknown) -> ByteTest {
    guard case .compare(register, let comparison, let value) = next(), value.count == mask.count,
      comparison == .equal || comparison == .notEqual
    else { throw Unknown("bits that are compared") }
    return .masked(mask, value, negated: comparison == .notEqual)
  }

  private func range(
    _ lower: [UInt8], _ upper: [UInt8], negated: Bool
  ) throws(Unknown) -> ByteTest {
    guard !upper.lexicographicallyPrecedes(lower) else { throw Unknown("an empty range") }
    return .between(lower, upper, negated: negated)
  }

  // MARK: Link layer

  private mutating func decodeLinkLayer(_ offset: UInt32, _ test: ByteTest) throws(Unknown) {
    guard case .equals(let value, let negated) = test else { throw Unknown("payload") }
    switch (offset, value.count) {
    case (6, 6):
      try relyOnEthernet()
      try add(.sourceMAC(MACAddress(bytes: value[...]), negated: negated))
    case (6, 8) where !negated:
      try relyOnEthernet()
      try add(.sourceMAC(MACAddress(bytes: value[..<6]), negated: false))
      try setFrameType(try frameType(value[6...]))
    case (12, 2) where !negated: try setFrameType(try frameType(value[...]))
    default: throw Unknown("payload")
    }
  }

  private func frameType(_ bytes: ArraySlice<UInt8>) throws(Unknown) -> EtherType {
    let number = UInt16(truncatingIfNeeded: UInt128(bigEndian: bytes))
    guard let type = EtherType(rawValue: number) else { throw Unknown("a frame's type") }
    return type
  }

  // MARK: Network layer

  private mutating func decodeNetwork(
    _ offset: UInt32, _ length: Int, _ test: ByteTest
  ) throws(Unknown) {
    switch network {
    case nil: throw Unknown("a header of unknown protocol")
    case .arp: try decodeARP(offset, length, test)
    case .ipv4: try decodeAddress(.ipv4, offset, test)
    case .ipv6: try decodeAddress(.ipv6, offset, test)
    }
  }

  private mutating func decodeAddress(
    _ family: AddressFamily, _ offset: UInt32, _ test: ByteTest
  ) throws(Unknown) {
    try rely(on: family)
    let match = try addressMatch(family, test)
    switch offset {
    case family.addressOffset(isSource: true): try add(.source(match))
    case family.addressOffset(isSource: false): try add(.destination(match))
    default: throw Unknown("payload")
    }
  }

  private mutating func decodeARP(
    _ offset: UInt32, _ length: Int, _ test: ByteTest
  ) throws(Unknown) {
    try relyOnARP()
    switch (offset, length, test) {
    case (8, 6, .equals(let value, let negated)):
      try add(.arpSenderMAC(MACAddress(bytes: value[...]), negated: negated))
    case (8, 10, .equals(let value, negated: false)):
      try add(.arpSenderMAC(MACAddress(bytes: value[..<6]), negated: false))
      try add(.arpSenderAddress(AddressMatch(.range(AddressRange(.ipv4, value[6...])))))
    case (14, 1...4, _): try add(.arpSenderAddress(try addressMatch(.ipv4, test)))
    case (24, 1...4, _): try add(.arpTargetAddress(try addressMatch(.ipv4, test)))
    default: throw Unknown("payload")
    }
  }

  /// An address, or its first bytes, as a range.
  private func addressMatch(
    _ family: AddressFamily, _ test: ByteTest
  ) throws(Unknown) -> AddressMatch {
    switch test {
    case .equals(let value, let negated):
      guard (1...family.byteCount).contains(value.count) else { throw Unknown("payload") }
      return AddressMatch(.range(AddressRange(family, value[...])), negated: negated)
    case .between(let lower, let upper, let negated):
      guard lower.count == family.byteCount else { throw Unknown("payload") }
      let range = AddressRange(
        family: family, lowerBits: UInt128(bigEndian: lower), upperBits: UInt128(bigEndian: upper))
      return AddressMatch(.range(range), negated: negated)
    case .masked(let mask, let value, let negated):
      guard mask.count == family.byteCount else { throw Unknown("payload") }
      let bits = UInt128(bigEndian: value)
      let all: UInt128 = family == .ipv4 ? UInt128(UInt32.max) : .max
      let hosts = ~UInt128(bigEndian: mask) & all
      // A mask of leading ones leaves a number of trailing ones.
      guard hosts & (hosts &+ 1) == 0, bits & hosts == 0 else { throw Unknown("an odd mask") }
      let range = AddressRange(family: family, lowerBits: bits, upperBits: bits | hosts)
      return AddressMatch(.range(range), negated: negated)
    }
  }

  // MARK: Transport layer

  private mutating func decodeTransport(
    _ offset: UInt32, _ length: Int, _ test: ByteTest
  ) throws(Unknown) {
    switch (offset, length) {
    case (8, 16): return try add(.neighborTarget(try addressMatch(.ipv6, test)))
    case (13, 1): return try decodeFlags(test)
    default: break
    }
    if transport == .icmp || transport == .icmpv6 {
      let family = try relyOnICMP()
      guard offset == 0, length <= 2, case .equals(let value, negated: false) = test else {
        throw Unknown("payload")
      }
      return try add(
        .icmp(family, type: value[0], code: value.count > 1 ? value[1] : nil))
    }
    try relyOnPorts()
    switch (offset, test) {
    case (0, .equals(let value, negated: false)) where value.count == 4:
      try add(.sourcePort([PortRange(value[0...1])]))
      try add(.destinationPort([PortRange(value[2...3])]))
    case (0, _) where length == 2: try add(.sourcePort(try ports(test)))
    case (2, _) where length == 2: try add(.destinationPort(try ports(test)))
    default: throw Unknown("payload")
    }
  }

  private func ports(_ test: ByteTest) throws(Unknown) -> [PortRange] {
    switch test {
    case .equals(let value, negated: false): return [PortRange(value[...])]
    case .between(let lower, let upper, negated: false):
      return [PortRange(PortRange(lower[...]).lower, PortRange(upper[...]).lower)]
    case .equals, .between, .masked: throw Unknown("ports that are excepted")
    }
  }

  private mutating func decodeFlags(_ test: ByteTest) throws(Unknown) {
    guard transport == .tcp, case .masked(let mask, [TCPFlag.syn], let negated) = test else {
      throw Unknown("tcp flags")
    }
    switch (mask, negated) {
    case ([TCPFlag.attempt], _): try add(.connectionAttempt(!negated))
    case ([TCPFlag.handshake], false): try decodeClamp()
    default: throw Unknown("tcp flags")
    }
  }

  // MARK: Sets

  /// Whether the lookup is one of a lone value; such a one is read.
  mutating func decodeMembership(
    _ source: Load.Source, _ set: KernelSet, _ inverted: Bool
  ) throws(Unknown) -> Bool {
    switch source {
    case .meta(.inputName):
      try add(.inputInterface(try membership(set, inverted)))
    case .meta(.outputName):
      try add(.outputInterface(try membership(set, inverted)))
    case .payload(.transport, offset: 8, length: 16):
      try decodeTargets(set, inverted)
    case .payload(.transport, let offset, length: 2):
      try decodePorts(offset, set, inverted)
    case .payload(.network, let offset, let length):
      try decodeAddresses(offset, Int(clamping: length), set, inverted)
    case .meta, .payload: return false
    }
    return true
  }

  private func membership(
    _ set: KernelSet, _ inverted: Bool
  ) throws(Unknown) -> InterfaceMatch {
    guard set.keyType == ValueType.interface.rawValue, !set.flags.contains(.anonymous) else {
      throw Unknown("lookup in \(set.name)")
    }
    return inverted ? .isNotIn(set.name) : .isIn(set.name)
  }

  private mutating func decodeAddresses(
    _ offset: UInt32, _ length: Int, _ set: KernelSet, _ inverted: Bool
  ) throws(Unknown) {
    let family: AddressFamily = length == 4 ? .ipv4 : .ipv6
    guard length == family.byteCount, set.keyType == ValueType(family).rawValue,
      set.flags.isSubset(of: .interval)
    else { throw Unknown("lookup in \(set.name)") }
    let match = AddressMatch(.set(set.name, family), negated: inverted)
    if network == .arp {
      try relyOnARP()
      switch offset {
      case 14: return try add(.arpSenderAddress(match))
      case 24: return try add(.arpTargetAddress(match))
      default: throw Unknown("payload")
      }
    }
    try rely(on: family)
    switch offset {
    case family.addressOffset(isSource: true): try add(.source(match))
    case family.addressOffset(isSource: false): try add(.destination(match))
    default: throw Unknown("payload")
    }
  }

  private mutating func decodePorts(
    _ offset: UInt32, _ set: KernelSet, _ inverted: Bool
  ) throws(Unknown) {
    try relyOnPorts()
    guard set.flags.contains(.anonymous), !inverted, set.keyType == ValueType.port.rawValue else {
      throw Unknown("lookup in \(set.name)")
    }
    let bounds = try set.elements.bounds(length: 2, isInterval: set.holdsIntervals)
    let ports = bounds.map {
      PortRange(UInt16(truncatingIfNeeded: $0.lower), UInt16(truncatingIfNeeded: $0.upper))
    }
    guard !ports.isEmpty else { throw Unknown("an empty set") }
    switch offset {
    case 0: try add(.sourcePort(ports.merged))
    case 2: try add(.destinationPort(ports.merged))
    default: throw Unknown("payload")
    }
  }

  /// A list of raw addresses is that of a named set.
  private mutating func decodeTargets(_ set: KernelSet, _ inverted: Bool) throws(Unknown) {
    guard set.flags.contains(.anonymous), set.keyLength == 16 else {
      throw Unknown("lookup in \(set.name)")
    }
    let ranges = try set.elements.addressRanges(.ipv6, isInterval: set.holdsIntervals)
    guard let name = context.firstSet(of: ranges) else {
      throw Unknown("addresses that no set has")
    }
    try add(.neighborTarget(AddressMatch(.set(name, .ipv6), negated: inverted)))
  }
}

extension MACAddress {
  fileprivate init(bytes: ArraySlice<UInt8>) {
    self.init(bits: UInt64(truncatingIfNeeded: UInt128(bigEndian: bytes)))
  }
}

extension PortRange {
  /// The one port in two bytes.
  fileprivate init(_ bytes: ArraySlice<UInt8>) {
    self.init(UInt16(truncatingIfNeeded: UInt128(bigEndian: bytes)))
  }
}

extension AddressRange {
  /// Every address that begins with these bytes.
  fileprivate init(_ family: AddressFamily, _ bytes: ArraySlice<UInt8>) {
    let hostBits = UInt128(8 * (family.byteCount - bytes.count))
    let lower = UInt128(bigEndian: bytes) << hostBits
    let hosts: UInt128 = (1 << hostBits) - 1
    self.init(family: family, lowerBits: lower, upperBits: lower | hosts)
  }
}
