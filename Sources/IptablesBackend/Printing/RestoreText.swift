import Netfilter

/// Input for `iptables-restore --noflush`, or `ip6tables-restore --noflush` for IPv6.
///
/// It makes or refills own chains and touches nothing else, so that loading it again changes
/// nothing; ``hookScript(_:)`` has the rules that call them. Each table is a transaction of its own.
/// The words are those of iptables 1.8.9, both its variants.
///
/// - Parameter header: lines of comment for the top, without `#`.
/// - Complexity: linear in the length of the result.
package func restoreText(_ legalized: Legalized, header: [String] = []) -> [UInt8] {
  let rules = legalized.tables.reduce(0) { $0 + $1.chains.reduce(0) { $0 + $1.rules.count } }
  var writer = RestoreWriter(family: legalized.family, capacity: 4096 + 128 * rules)
  for line in header { writer.writeComment(line) }
  for table in legalized.tables { writer.write(table) }
  return writer.text.bytes
}
