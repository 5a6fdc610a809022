import Netfilter
import NetworkTypes

/// Says one rule in the words of the representation, or tells what has none.
///
/// It keeps account of what is known of the packet's headers where an expression stands: the same
/// bytes are an address or noise, depending on what was compared before.
struct RuleDecoder {
  let context: DecodingContext
  private(set) var matches: [Match] = []
  private(set) var actions: [Action] = []
  /// What the rules so far tell of sets.
  var uses: SetUses

  private let expressions: [Expression]
  private var index = 0

  // What the conditions so far say of the packet's headers.
  private(set) var isEthernet: Bool
  private(set) var network: EtherType?
  private(set) var transport: TransportProtocol?
  /// Conditions that stand after an effect, and must be part of the next one.
  private var pending: [Match] = []
  /// A comparison of the frame's type, or of the kind of the interface, that must serve another
  /// condition: there is no word for it alone.
  private var unservedFrameType: EtherType?
  private var unservedInterfaceType = false

  init(_ expressions: [Expression], in context: DecodingContext, _ uses: SetUses) {
    self.expressions = expressions
    self.context = context
    self.uses = uses
    isEthernet = context.family == .bridge
  }

  mutating func run() throws(Unknown) {
    if expressions.isEmpty { throw Unknown("nothing") }
    while let expression = next() { try decode(expression) }
    guard pending.isEmpty else { throw Unknown("a condition after an effect") }
    guard unservedFrameType == nil else { throw Unknown("a frame's type") }
    guard !unservedInterfaceType else { throw Unknown("an interface's type") }
  }

  // MARK: Reading

  mutating func next() -> Expression? {
    guard index < expressions.count else { return nil }
    defer { index += 1 }
    return expressions[index]
  }

  func peek(_ ahead: Int = 0) -> Expression? {
    index + ahead < expressions.count ? expressions[index + ahead] : nil
  }

  mutating func skip() { index += 1 }

  // MARK: What was said

  mutating func add(_ match: Match) throws(Unknown) {
    guard actions.isEmpty else { throw Unknown("a condition after an effect") }
    matches.append(match)
  }

  /// Notes what every later expression may rely on.
  private mutating func addHeader(_ match: Match) {
    if actions.isEmpty { matches.append(match) } else { pending.append(match) }
  }

  /// - Parameter needs: the conditions that the effect makes by itself, where none made them before.
  mutating func add(_ action: Action, needs: [Match] = []) throws(Unknown) {
    guard pending.allSatisfy(needs.contains) else { throw Unknown("a condition after an effect") }
    pending = []
    actions.append(action)
  }

  mutating func setFamily(_ family: AddressFamily) {
    network = family.etherType
    addHeader(.family(family))
  }

  mutating func setARP() throws(Unknown) {
    network = .arp
    try add(.etherType(.arp))
  }

  mutating func setTransport(_ transport: TransportProtocol) {
    self.transport = transport
    addHeader(.transport(transport))
  }

  mutating func setFrameType(_ type: EtherType) throws(Unknown) {
    guard isEthernet, network == nil, unservedFrameType == nil else {
      throw Unknown("a frame's type")
    }
    network = type
    unservedFrameType = type
  }

  mutating func setEthernet() throws(Unknown) {
    guard context.family == .inet, !isEthernet else { throw Unknown("an interface's type") }
    isEthernet = true
    unservedInterfaceType = true
  }

  // MARK: What may be relied on

  /// Makes sure that packets are known to be of `family`.
  mutating func rely(on family: AddressFamily) throws(Unknown) {
    guard network == family.etherType else { throw Unknown("an address of unknown family") }
    // Addresses in bridge tables rely on the protocol, which VLAN tags do not hide.
    if context.family == .inet { unservedFrameType = nil }
  }

  mutating func relyOnICMP() throws(Unknown) -> AddressFamily {
    unservedFrameType = nil
    switch (transport, network) {
    case (.icmp, .ipv4): return .ipv4
    case (.icmpv6, .ipv6): return .ipv6
    default: throw Unknown("a header of unknown protocol")
    }
  }

  mutating func relyOnARP() throws(Unknown) {
    guard network == .arp else { throw Unknown("a header of unknown protocol") }
    unservedFrameType = nil
  }

  mutating func relyOnEthernet() throws(Unknown) {
    guard isEthernet else { throw Unknown("a hardware address of unknown kind") }
    unservedInterfaceType = false
  }

  func relyOnPorts() throws(Unknown) {
    guard transport?.hasPorts == true else { throw Unknown("a port of unknown protocol") }
  }

  // MARK: Expressions

  private mutating func decode(_ expression: Expression) throws(Unknown) {
    switch expression {
    case .meta(.mark, let register): try decodeMark(register)
    case .meta, .payload: try decodeLoads(from: expression)
    case .conntrack(let key, nil, let register): try decodeConnection(key, register)
    case .fib(.addressType, let flags, let register): try decodeLocal(flags, register)
    case .immediate: try decodeValues(from: expression)
    case .verdict(let verdict): try add(.verdict(verdict))
    case .reject(RejectNumber.either, RejectNumber.prohibited): try add(.reject(.prohibited))
    case .reject(RejectNumber.tcpReset, 0):
      guard transport != nil else { throw Unknown("reject") }
      try add(.reject(.tcpReset))
    case .masquerade(let flags, nil, nil): try addMasquerade(flags, ports: nil)
    case .limit: try add(.limit(try limit(expression, meter: nil)))
    case .connectionLimit(let count, 1):
      try add(.connectionsOver(count: count, perSource: false, meter: unusedMeter))
    case .log(let prefix, 4): try add(.log(prefix: prefix))
    case .counter: try add(.counter)
    case .route, .setMeta, .setPayload, .compare, .range, .bitwise, .lookup, .dynamicSet,
      .conntrack, .fib,
      .nat, .masquerade, .reject, .connectionLimit, .log, .extensionHeader, .setExtensionHeader,
      .byteOrder, .other:
      throw Unknown(expression.kernelName)
    }
  }

  func limit(_ expression: Expression, meter: String?) throws(Unknown) -> Limit {
    guard case .limit(let rate, let seconds, let burst, 0, 0) = expression,
      let unit = Limit.Unit.allCases.first(where: { $0.seconds == seconds }),
      let count = UInt32(exactly: rate)
    else { throw Unknown("limit") }
    return Limit(count: count, unit: unit, burst: burst, perSourceMeter: meter)
  }

  private mutating func decodeConnection(
    _ key: ConntrackKey, _ register: Register
  ) throws(Unknown) {
    switch key {
    case .state:
      let (mask, _, comparison) = try maskedComparison(register, value: 0)
      let states = ConnectionState.allCases.filter { mask & $0.bit != 0 }
      guard comparison == .notEqual, !states.isEmpty, mask == states.reduce(0, { $0 | $1.bit })
      else { throw Unknown("ct state") }
      try add(.connectionState(Set(states)))
    case .status:
      let (mask, _, comparison) = try maskedComparison(register, value: 0)
      guard mask == ConntrackStatus.translated else { throw Unknown("ct status") }
      try add(.destinationTranslated(comparison == .notEqual))
    case .direction:
      guard case .compare(register, .equal, value: [0]) = next() else {
        throw Unknown("ct direction")
      }
      try add(.originalDirection)
    case .mark, .sourceAddress4, .destinationAddress4, .sourceAddress6, .destinationAddress6:
      throw Unknown("ct")
    }
  }

  private mutating func decodeLocal(_ flags: UInt32, _ register: Register) throws(Unknown) {
    guard case .compare(register, let comparison, let value) = next(),
      comparison == .equal || comparison == .notEqual, value == hostOrder(FIBFlag.localType)
    else { throw Unknown("fib") }
    let isLocal = comparison == .equal
    switch flags {
    case FIBFlag.source: try add(.sourceIsLocal(isLocal))
    case FIBFlag.destination: try add(.destinationIsLocal(isLocal))
    default: throw Unknown("fib")
    }
  }

  private mutating func decodeMark(_ register: Register) throws(Unknown) {
    if case .bitwise(register, register, let mask, let xor) = peek(),
      case .setMeta(.mark, from: register) = peek(1)
    {
      skip()
      skip()
      guard let mask = UInt32(hostOrder: mask), let value = UInt32(hostOrder: xor),
        mask & value == 0
      else { throw Unknown("meta mark") }
      return try add(.setMark(PacketMark(value: value, mask: ~mask)))
    }
    if case .compare(register, .equal, let value) = peek(), let value = UInt32(hostOrder: value) {
      skip()
      return try add(.mark(PacketMark(value: value, mask: .max)))
    }
    let (mask, value, comparison) = try maskedComparison(register, value: nil)
    guard comparison == .equal else { throw Unknown("meta mark") }
    try add(.mark(PacketMark(value: value, mask: mask)))
  }

  /// Reads `& mask == value` or `!=`.
  private mutating func maskedComparison(
    _ register: Register, value wanted: UInt32?
  ) throws(Unknown) -> (mask: UInt32, value: UInt32, Comparison) {
    guard case .bitwise(register, register, let mask, let xor) = next(),
      let mask = UInt32(hostOrder: mask), UInt32(hostOrder: xor) == 0,
      case .compare(register, let comparison, let value) = next(),
      comparison == .equal || comparison == .notEqual,
      let value = UInt32(hostOrder: value), wanted == nil || wanted == value
    else { throw Unknown("bits that are compared") }
    return (mask, value, comparison)
  }
}

extension UInt32 {
  /// The number in four bytes of host byte order.
  init?(hostOrder bytes: [UInt8]) {
    guard bytes.count == 4 else { return nil }
    self = bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
