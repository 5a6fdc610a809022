import Netfilter
package import NetworkTypes

/// Reads the words of one rule of ours; gives up where we would have printed something else.
struct RuleReader {
  var words: SaveWords
  let family: AddressFamily
  var matches: [IptablesMatch] = []
  private var comment: String?

  init(_ words: SaveWords, family: AddressFamily) {
    self.words = words
    self.family = family
  }

  /// The rule in canonical form; `nil` where it is not one of ours.
  mutating func rule() -> IptablesRule? {
    while let word = words.peeked, word != "-j", word != "-g" {
      guard readCondition() else { return nil }
    }
    guard let target = target(), words.isAtEnd else { return nil }
    return IptablesRule(matches: matches, target: target, origin: nil, comment: comment).canonical
  }

  private mutating func readCondition() -> Bool {
    let negated = words.take("!")
    guard let option = words.take() else { return false }
    switch option {
    case "-i": return add(words.take(Self.interface)) { .inputInterface($0, negated: negated) }
    case "-o": return add(words.take(Self.interface)) { .outputInterface($0, negated: negated) }
    case "-s": return add(words.take(prefix)) { .source($0, negated: negated) }
    case "-d": return add(words.take(prefix)) { .destination($0, negated: negated) }
    case "-p":
      guard !negated, matches.transport == nil else { return false }
      return add(words.take(iptablesTransport)) { .transport($0) }
    case "-m":
      guard !negated, let module = words.take() else { return false }
      return readModule(module)
    default: return false
    }
  }

  /// Adds what `match` makes of a value, if there is a value.
  mutating func add<Value>(_ value: Value?, _ match: (Value) -> IptablesMatch) -> Bool {
    guard let value else { return false }
    matches.append(match(value))
    return true
  }

  mutating func readComment() -> Bool {
    guard comment == nil, words.take("--comment"), let text = words.take(),
      text.isQuotable(limit: RestoreWriter.commentLimit)
    else { return false }
    comment = text
    return true
  }

  private static func interface(_ word: String) -> InterfaceName? {
    try? InterfaceName(validating: word)
  }

  private func prefix(_ word: String) -> AddressRange? {
    AddressPrefix(word).flatMap { $0.family == family ? AddressRange($0) : nil }
  }

  /// `FIRST-LAST` of the family.
  func range(_ word: String) -> AddressRange? {
    let parts = word.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let first = IPAddress(String(parts[0])),
      let last = IPAddress(String(parts[1])), first.family == family
    else { return nil }
    return AddressRange(first, last)
  }

  /// `PORT` or `FIRST:LAST`, with `separator` for the colon.
  static func ports(_ word: some StringProtocol, separator: Character = ":") -> PortRange? {
    let parts = word.split(separator: separator, omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let lower = UInt16(parts[0]),
      let upper = UInt16(parts[parts.count - 1]), lower <= upper
    else { return nil }
    return PortRange(lower, upper)
  }

  /// `0xVALUE` and `/0xMASK`, all ones where it is missing.
  static func mark(_ word: String) -> PacketMark? {
    let parts = word.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let value = hexadecimal(parts[0]),
      let mask = parts.count == 2 ? hexadecimal(parts[1]) : UInt32.max
    else { return nil }
    return PacketMark(value: value, mask: mask)
  }

  private static func hexadecimal(_ word: Substring) -> UInt32? {
    word.hasPrefix("0x") ? UInt32(word.dropFirst(2), radix: 16) : nil
  }
}

extension String {
  /// Whether it stands between quotes as it is, and is no longer than `limit` bytes.
  func isQuotable(limit: Int) -> Bool {
    utf8.count <= limit && utf8.allSatisfy { $0 == 0x20 || Self.isPlain($0) }
  }

  /// Whether it stands without quotes as it is.
  var isPlainWord: Bool { !isEmpty && utf8.allSatisfy(Self.isPlain) }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}

/// The protocol of a name or number in the words of iptables: its own, and those of
/// `/etc/protocols`, which are others than the language's.
package func iptablesTransport(_ word: String) -> TransportProtocol? {
  if let number = UInt8(word) { return TransportProtocol(number: number) }
  return protocolNumbers.first { $0.name == word }.map { TransportProtocol(number: $0.number) }
}

/// Netbase's `/etc/protocols`, and what xtables.c calls otherwise (`xtables_chain_protos`).
private let protocolNumbers: [(name: String, number: UInt8)] = [
  ("tcp", 6), ("udp", 17), ("icmp", 1), ("ipv6-icmp", 58), ("icmpv6", 58), ("sctp", 132),
  ("esp", 50), ("ah", 51), ("udplite", 136), ("gre", 47), ("igmp", 2), ("ggp", 3),
  ("ipencap", 4), ("ipv4", 4), ("st", 5), ("egp", 8), ("igp", 9), ("pup", 12), ("hmp", 20),
  ("xns-idp", 22), ("rdp", 27), ("iso-tp4", 29), ("dccp", 33), ("xtp", 36), ("ddp", 37),
  ("idpr-cmtp", 38), ("ipv6", 41), ("ipv6-route", 43), ("ipv6-frag", 44), ("idrp", 45),
  ("rsvp", 46), ("skip", 57), ("ipv6-nonxt", 59), ("ipv6-opts", 60), ("rspf", 73), ("vmtp", 81),
  ("eigrp", 88), ("ospf", 89), ("ax.25", 93), ("ipip", 94), ("etherip", 97), ("encap", 98),
  ("pim", 103), ("ipcomp", 108), ("vrrp", 112), ("l2tp", 115), ("isis", 124), ("fc", 133),
  ("mobility-header", 135), ("ipv6-mh", 135), ("mh", 135), ("mpls-in-ip", 137), ("manet", 138),
  ("hip", 139), ("shim6", 140), ("wesp", 141), ("rohc", 142), ("ethernet", 143),
]
