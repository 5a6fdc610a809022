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

  /// The maps that are declared without their elements.
  let hollow: Set<NftMapName>

  /// - Parameter elementRoom: about how many bytes the elements of maps take.
  init(elementRoom: Int, hollow: Set<NftMapName> = []) {
    self.hollow = hollow
    text = TextBuffer(capacity: 16_384 + elementRoom)
  }

  /// Makes lookups find the sets and maps of `table`.
  mutating func enter(_ table: Table) {
    family = table.family
    setContents = Dictionary(
      table.sets.map { ($0.name, $0.content) }, uniquingKeysWith: { first, _ in first })
    addressMaps = Dictionary(
      table.addressMaps.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    refillSeconds = table.refillSeconds
  }

  mutating func write(_ table: Table) {
    enter(table)
    text.append("\ntable ")
    text.append(table.family.rawValue)
    text.append(UInt8(ascii: " "))
    text.append(table.name)
    text.append(" {\n")
    if let comment = table.comment { writeCommentLine(comment) }
    for set in table.sets { writeSet(set) }
    for map in table.verdictMaps { writeMap(map) }
    for map in table.addressMaps { writeMap(map) }
    for chain in table.chainsInOrder { writeChain(chain) }
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
    text.append(quotable: comment, limit: nftCommentLimit)
    text.append("\"\n")
  }

  /// `comment "place: why"`, or nothing where there is neither.
  mutating func writeComment(_ origin: Origin?, _ why: String? = nil) {
    guard origin != nil || why != nil else { return }
    text.append("comment \"")
    text.append(comment: origin, why)
    text.append(UInt8(ascii: "\""))
  }
}
