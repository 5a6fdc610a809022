import Netfilter
import NetworkTypes

/// Input for `iptables-restore --noflush` that makes `live` into `wanted`; empty where they are the
/// same.
///
/// It holds what differs and nothing else, so that rules which stay keep their counters. Each table
/// is one transaction with the calls from its built-in chains. What refuses is put in before what
/// redirects, and where everything goes, it goes the other way round.
/// - Requires: both are of one family.
package func restorePatch(from live: OwnRuleset, to wanted: OwnRuleset) -> [UInt8] {
  var patch = RestorePatch(family: wanted.family)
  let names = wanted.isEmpty ? TableName.allCases.reversed() : TableName.allCases
  for name in names { patch.write(name, from: live[name], to: wanted[name]) }
  return patch.text.bytes
}

/// Writes commands of iptables-restore.
private struct RestorePatch {
  let family: AddressFamily
  var text = TextBuffer()

  mutating func write(_ name: TableName, from live: OwnTable, to wanted: OwnTable) {
    if live == wanted { return }
    let old = Dictionary(live.chains.map { ($0.name, $0) }) { first, _ in first }
    let kept = Set(wanted.chains.map(\.name))
    text.append("*\(name.rawValue)\n")
    let edits = wanted.chains.map { ChainEdit($0, from: old[$0.name]) }
    // First all chains, for rules name them.
    for edit in edits where edit.isRewritten { text.append(":\(edit.wanted.name) - [0:0]\n") }
    let changesCalls = live.calls != wanted.calls
    if changesCalls { for call in live.calls { write("-D", call) } }
    for call in live.strayCalls where !wanted.strayCalls.contains(call) {
      text.append("-D \(call)\n")
    }
    for edit in edits { write(edit) }
    // Each is put first, so the last comes first.
    if changesCalls { for call in wanted.calls.reversed() { write("-I", call) } }
    for call in wanted.strayCalls where !live.strayCalls.contains(call) {
      text.append("-A \(call)\n")
    }
    let gone = live.chains.map(\.name).filter { !kept.contains($0) }
    for chain in gone { text.append("-F \(chain)\n") }
    for chain in gone { text.append("-X \(chain)\n") }
    text.append("COMMIT\n")
  }

  private mutating func write(_ command: String, _ call: IptablesHook) {
    text.append("\(command) \(call.builtin.rawValue) -j \(call.chain)\n")
  }

  private mutating func write(_ edit: ChainEdit) {
    let name = edit.wanted.name
    if edit.isRewritten {
      for line in edit.wanted.lines { text.append("-A \(name) \(line.text(family))\n") }
      return
    }
    // From the end, so that the numbers of what is still to come stay right.
    for hunk in edit.hunks.reversed() {
      for _ in hunk.old { text.append("-D \(name) \(hunk.old.lowerBound + 1)\n") }
      for (offset, index) in hunk.new.enumerated() {
        let number = hunk.old.lowerBound + 1 + offset
        text.append("-I \(name) \(number) \(edit.wanted.lines[index].text(family))\n")
      }
    }
  }
}

/// How one chain becomes another.
private struct ChainEdit {
  let wanted: OwnChain
  let hunks: [LineHunk]
  /// Whether the chain is filled anew: it is missing, or so much differs that going to each place
  /// by its number would take longer.
  let isRewritten: Bool

  init(_ wanted: OwnChain, from live: OwnChain?) {
    self.wanted = wanted
    hunks = live?.hunks(to: wanted) ?? []
    let size = hunks.reduce(0) { $0 + $1.old.count + $1.new.count }
    isRewritten = live == nil || size > Self.mostEdits
  }

  private static let mostEdits = 64
}
