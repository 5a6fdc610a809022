import Netfilter
import NetworkTypes

/// Says one rule in the kernel's terms, condition after condition, as nft does.
///
/// What a condition needs to make sense, such as the protocol whose ports it compares, is compared
/// before it, once.
struct RuleEncoder {
  let rule: Rule
  let table: TableContext
  var statements: [Statement] = []
  /// Sets that only this rule looks into, named from `firstAnonymous` on.
  private(set) var anonymousSets: [KernelSet] = []
  private let firstAnonymous: Int

  // What conditions so far say of the packet's headers.
  private var isEthernet: Bool
  private var network: EtherType?
  private var transport: TransportProtocol?
  private var hasEffect = false

  init(_ rule: Rule, in table: TableContext, firstAnonymous: Int) {
    self.rule = rule
    self.table = table
    self.firstAnonymous = firstAnonymous
    isEthernet = table.family == .bridge
  }

  mutating func run() {
    for index in rule.matches.indices where !rule.isImplied(at: index) {
      write(rule.matches[index])
    }
    for action in rule.actions {
      write(action)
      hasEffect = true
    }
    statements = reduced(statements)
  }

  var expressions: [Expression] { statements.flatMap(\.expressions) }

  /// What the rule's conditions say with nothing left implied, in the kernel's order.
  var matches: [Match] { statements.flatMap(\.matches) }

  mutating func condition(_ expressions: [Expression], _ matches: [Match] = []) {
    statements.append(Statement(kind: .condition(expressions), matches: matches))
  }

  mutating func effect(_ expressions: [Expression], _ matches: [Match] = []) {
    statements.append(Statement(kind: .effect(expressions), matches: matches))
  }

  mutating func payload(_ match: PayloadMatch, _ matches: [Match] = []) {
    statements.append(Statement(kind: .payload(match), matches: matches))
  }

  /// What an effect needs is part of it, unless it comes first.
  private func shown(_ match: Match) -> [Match] { hasEffect ? [] : [match] }

  // MARK: What the headers are

  mutating func compareFamily(_ family: AddressFamily) {
    network = family.etherType
    let match = shown(.family(family))
    switch table.family {
    case .inet:
      condition(
        [.meta(.family, into: .first), .compare(.first, .equal, value: [family.number])], match)
    case .bridge: compareProtocol(family.etherType, match)
    }
  }

  mutating func compareProtocol(_ type: EtherType, _ matches: [Match]) {
    network = type
    let value = bigEndian(type.rawValue, count: 2)
    condition([.meta(.etherType, into: .first), .compare(.first, .equal, value: value)], matches)
  }

  mutating func compareTransport(_ transport: TransportProtocol) {
    self.transport = transport
    condition(transportComparison(transport), shown(.transport(transport)))
  }

  private func transportComparison(_ transport: TransportProtocol) -> [Expression] {
    [.meta(.transport, into: .first), .compare(.first, .equal, value: [transport.number])]
  }

  /// Makes sure that the packet is of `family`.
  mutating func need(_ family: AddressFamily) {
    guard network == nil else { return }
    if table.family == .inet, isEthernet {
      compareFrameType(family.etherType)
    } else {
      compareFamily(family)
    }
  }

  /// Makes sure that the packet is of the protocol, where that has ports.
  mutating func need(portsOf transport: TransportProtocol?) {
    guard let transport, transport.hasPorts else { return }
    need(transport)
  }

  mutating func need(_ transport: TransportProtocol) {
    if self.transport == nil { compareTransport(transport) }
  }

  mutating func needICMP(_ family: AddressFamily) {
    guard transport == nil else { return }
    if network == nil {
      if isEthernet { compareFrameType(family.etherType) } else { compareFamily(family) }
    }
    compareTransport(family == .ipv4 ? .icmp : .icmpv6)
  }

  mutating func needARP() {
    if network == nil { compareFrameType(.arp) }
  }

  mutating func needEthernet() {
    guard !isEthernet else { return }
    isEthernet = true
    condition([.meta(.inputType, into: .first), .compare(.first, .equal, value: [1, 0])])
  }

  /// TCP resets answer TCP alone; nft asks before anything else, so that nothing is logged that is
  /// not reset.
  mutating func needTCPFirst() {
    guard transport == nil else { return }
    transport = .tcp
    let comparison = transportComparison(.tcp)
    statements.insert(
      Statement(kind: .condition(comparison), matches: [.transport(.tcp)]), at: 0)
  }

  private mutating func compareFrameType(_ type: EtherType) {
    network = type
    payload(
      PayloadMatch(
        base: .linkLayer, offset: 12, value: bigEndian(type.rawValue, count: 2),
        namesProtocol: true))
  }

  // MARK: Sets of one rule

  /// Adds a set that only this rule looks into.
  ///
  /// - Parameter userdata: what nft needs beyond the order of bytes.
  /// - Returns: its name.
  mutating func anonymousSet(
    _ type: ValueType, _ elements: ElementTable, isInterval: Bool, userdata: [UInt8] = []
  ) -> String {
    var flags: SetFlags = [.anonymous, .constant]
    if isInterval { flags.insert(.interval) }
    let name = "__set\(firstAnonymous + anonymousSets.count)"
    var set = KernelSet(
      name, flags, keyType: type.rawValue, keyLength: type.length, elements: elements)
    set.size = UInt32(elements.count)
    set.userdata = SetUserdata.make(key: type.byteOrder, data: nil, comment: []) + userdata
    set.origin = rule.origin
    anonymousSets.append(set)
    return name
  }
}
