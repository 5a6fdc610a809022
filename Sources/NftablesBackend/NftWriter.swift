import Netfilter

/// Writes tables in nft's language, one after the other.
struct NftWriter {
  var text: TextBuffer
  /// The family of the table that is being written.
  private(set) var family = TableFamily.inet
  /// The table's sets and maps, for lookups only.
  private(set) var setContents: [String: NamedSet.Content] = [:]
  private(set) var addressMaps: [String: AddressMap] = [:]
  /// Per meter of a rate, the seconds after which an untouched source has its whole burst again.
  private(set) var refillSeconds: [String: UInt64] = [:]

  /// What nft takes in a comment, in bytes (NFTNL_UDATA_COMMENT_MAXLEN).
  static let commentLimit = 128
  /// Dynamic sets need a bound; a source or flow beyond it finds no match.
  static let dynamicSetSize: UInt64 = 65_535

  /// - Parameter elements: about how many elements of maps are to be written.
  init(elements: Int) {
    text = TextBuffer(capacity: 16_384 + 96 * elements)
  }

  mutating func write(_ table: Table) {
    family = table.family
    setContents = Dictionary(
      table.sets.map { ($0.name, $0.content) }, uniquingKeysWith: { first, _ in first })
    addressMaps = Dictionary(
      table.addressMaps.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    refillSeconds = Self.refillSeconds(of: table)
    text.append("\ntable ")
    text.append(table.family.rawValue)
    text.append(UInt8(ascii: " "))
    text.append(table.name)
    text.append(" {\n")
    if let comment = table.comment { writeCommentLine(comment) }
    for set in table.sets { writeSet(set) }
    for map in table.verdictMaps { writeMap(map) }
    for map in table.addressMaps { writeMap(map) }
    for chain in table.chains where chain.kind == .regular { writeChain(chain) }
    for chain in table.chains where chain.kind != .regular { writeChain(chain) }
    text.append("}\n")
  }

  /// The body of a table member, in braces, after a blank line.
  mutating func writeBlock(_ keyword: String, _ name: String, body: (inout NftWriter) -> Void) {
    text.append("\n\t")
    text.append(keyword)
    text.append(UInt8(ascii: " "))
    text.append(name)
    text.append(" {\n")
    body(&self)
    text.append("\t}\n")
  }

  /// One statement of a table member on a line of its own.
  mutating func writeLine(_ line: String) {
    text.append("\t\t")
    text.append(line)
    text.append(UInt8(ascii: "\n"))
  }

  private mutating func writeCommentLine(_ comment: String) {
    text.append("\tcomment \"")
    text.append(quotable: comment, limit: Self.commentLimit)
    text.append("\"\n")
  }

  /// `comment "place: why"`, or nothing where there is neither.
  mutating func writeComment(_ origin: Origin?, _ why: String? = nil) {
    guard origin != nil || why != nil else { return }
    text.append("comment \"")
    var room = Self.commentLimit
    if let origin {
      room -= text.append(quotable: origin, limit: room)
      if why != nil { room -= text.append(quotable: ": ", limit: room) }
    }
    if let why { text.append(quotable: why, limit: room) }
    text.append(UInt8(ascii: "\""))
  }

  private static func refillSeconds(of table: Table) -> [String: UInt64] {
    var result: [String: UInt64] = [:]
    for chain in table.chains {
      for rule in chain.rules {
        for case .limit(let limit) in rule.matches {
          guard let meter = limit.perSourceMeter else { continue }
          result[meter] = max(result[meter] ?? 60, limit.refillSeconds)
        }
      }
    }
    return result
  }
}

extension Limit {
  /// The time in which a whole burst is earned, rounded up.
  fileprivate var refillSeconds: UInt64 {
    let unit: UInt64 =
      switch self.unit {
      case .second: 1
      case .minute: 60
      case .hour: 3600
      case .day: 86_400
      }
    let count = UInt64(max(self.count, 1))
    return (UInt64(burst) * unit + count - 1) / count
  }
}
