package import Netfilter

/// The script that makes `nft -f` replace everything of ours by `ruleset`, in one transaction.
///
/// Each table is declared, deleted and declared again, so that the script works whether or not an
/// earlier one was loaded, and loading it twice equals loading it once. A table that the ruleset
/// does not have, but an earlier one may have had, is removed.
/// The words are those that nft 1.0.6 and every later version understand.
///
/// - Requires: `verify(ruleset)` finds nothing.
/// - Parameter header: lines of comment for the top of the script, without `#`.
/// - Complexity: linear in the length of the result.
package func nftScript(_ ruleset: Ruleset, header: [String] = []) -> [UInt8] {
  var writer = NftWriter(elements: ruleset.tables.reduce(0) { $0 + $1.elementCount })
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

extension Table {
  /// The number of lines that maps take, at least.
  fileprivate var elementCount: Int {
    verdictMaps.reduce(0) { $0 + $1.elements.count }
      + addressMaps.reduce(0) { $0 + $1.elements.count }
  }
}
