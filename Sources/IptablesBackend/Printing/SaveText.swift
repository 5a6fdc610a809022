import NetworkTypes

/// What iptables-save would show of `ruleset`: chains of ours, and the lines that lead to them.
///
/// `readSaveText` makes the same ruleset of it; iptables-restore takes it with `--noflush`.
package func saveText(_ ruleset: OwnRuleset) -> [UInt8] {
  var text: [UInt8] = []
  for table in ruleset.tables {
    if table.chains.isEmpty, table.calls.isEmpty, table.strayCalls.isEmpty { continue }
    text += "*\(table.name.rawValue)\n".utf8
    for chain in table.chains { text += ":\(chain.name) - [0:0]\n".utf8 }
    for call in table.calls { text += "-A \(call.builtin.rawValue) -j \(call.chain)\n".utf8 }
    for call in table.strayCalls { text += "-A \(call)\n".utf8 }
    for chain in table.chains {
      for line in chain.lines {
        text += "-A \(chain.name) \(line.text(ruleset.family))\n".utf8
      }
    }
    text += "COMMIT\n".utf8
  }
  return text
}
