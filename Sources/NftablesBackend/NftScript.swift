package import Netfilter
import NetworkTypes

/// The script that makes `nft -f` replace everything of ours by `ruleset`, in one transaction.
///
/// Each table is declared, deleted and declared again, so that the script works whether or not an
/// earlier one was loaded, and loading it twice equals loading it once. A table that the ruleset
/// does not have, but an earlier one may have had, is removed.
/// The words are those that nft 1.0.6 and every later version understand.
///
/// - Requires: `verify(ruleset)` finds nothing.
/// - Parameters:
///   - header: lines of comment for the top of the script, without `#`.
///   - hollow: maps that are declared without their elements: see ``nftElements(_:of:in:)``.
/// - Complexity: linear in the length of the result.
package func nftScript(
  _ ruleset: Ruleset, header: [String] = [], hollow: Set<NftMapName> = []
) -> [UInt8] {
  let room = hollow.isEmpty ? ruleset.tables.reduce(0) { $0 + $1.elementRoom } : 0
  var writer = NftWriter(elementRoom: room, hollow: hollow)
  writer.text.append("#!/usr/sbin/nft -f\n")
  for line in header {
    writer.text.append("# ")
    writer.text.append(quotable: line, limit: 1000)
    writer.text.append(UInt8(ascii: "\n"))
  }
  let name = ruleset.tables.first?.name ?? ownTableName
  for family in TableFamily.allCases {
    let table = ruleset.table(family)
    appendRemoval(family, table?.name ?? name, to: &writer.text)
    if let table { writer.write(table) }
  }
  return writer.text.bytes
}

/// A map by its family and name; its table is ours.
package struct NftMapName: Hashable, Sendable {
  package let family: TableFamily
  package let name: String

  package init(_ family: TableFamily, _ name: String) {
    self.family = family
    self.name = name
  }
}

/// What is done with elements.
package enum ElementVerb: String, Hashable, Sendable {
  case add, delete
}

/// The command that adds the elements of a map, or that deletes those with their keys; empty where
/// there are none, or no such map.
package func nftElements(_ verb: ElementVerb, of name: String, in table: Table) -> [UInt8] {
  let verdicts = table.verdictMaps.first { $0.name == name }
  let addresses = table.addressMaps.first { $0.name == name }
  let room = verdicts?.elementRoom ?? addresses?.elementRoom ?? 0
  if room == 0 { return [] }
  var writer = NftWriter(elementRoom: room)
  writer.text.append("\(verb.rawValue) element \(table.family.rawValue) \(table.name) \(name) {\n")
  if let verdicts { writer.writeElements(of: verdicts, verb) }
  if let addresses { writer.writeElements(of: addresses, verb) }
  writer.text.append("}\n")
  return writer.text.bytes
}

/// The script that makes `nft -f` remove everything of ours, whether or not there is anything.
package func nftRemovalScript(tableName: String = ownTableName) -> [UInt8] {
  var text = TextBuffer()
  text.append("#!/usr/sbin/nft -f\n")
  for family in TableFamily.allCases { appendRemoval(family, tableName, to: &text) }
  return text.bytes
}

/// The name of every table of ours.
package let ownTableName = "bridgeward"

/// Deleting what does not exist is an error, and `destroy` is newer than Linux 6.3: so the table is
/// declared first.
private func appendRemoval(_ family: TableFamily, _ name: String, to text: inout TextBuffer) {
  for verb in ["\ntable ", "\ndelete table "] {
    text.append(verb)
    text.append(family.rawValue)
    text.append(UInt8(ascii: " "))
    text.append(name)
  }
  text.append(UInt8(ascii: "\n"))
}

// To make room for a hundred thousand lines once more, because they are a little longer, would copy
// all of them.

extension Table {
  /// About how many bytes the elements of maps take.
  fileprivate var elementRoom: Int {
    verdictMaps.reduce(0) { $0 + $1.elementRoom } + addressMaps.reduce(0) { $0 + $1.elementRoom }
  }
}

extension VerdictMap {
  fileprivate var elementRoom: Int {
    elements.first.map { elements.count * lineLength(fields, $0.origin) } ?? 0
  }
}

extension AddressMap {
  fileprivate var elementRoom: Int {
    let target = family == .ipv4 ? 0 : 24
    return elements.first.map { elements.count * (target + lineLength(fields, $0.origin)) } ?? 0
  }
}

/// About how many bytes an element takes; of files the first is taken for all.
private func lineLength(_ fields: [KeyField], _ origin: Origin?) -> Int {
  48 + 16 * fields.count + min(origin?.file.utf8.count ?? 0, nftCommentLimit)
}
