import IptablesBackend
import NetworkTypes

/// A text is read or refused; what was read and is printed again reads the same.
func checkSaveText(_ bytes: [UInt8]) throws(BrokenLaw) {
  for family in AddressFamily.allCases {
    guard let own = try? readSaveText(bytes, family: family) else { continue }
    for table in own.tables {
      for chain in table.chains { try checkLines(chain, family) }
    }
    let again = try? readSaveText(saveText(own), family: family)
    try require(
      again?.tables == own.tables, "what is shown reads the same",
      String(decoding: saveText(own), as: UTF8.self))
    let patch = restorePatch(from: own, to: OwnRuleset(family))
    let hasOwn = own.tables.contains { !$0.chains.isEmpty || !$0.calls.isEmpty }
    try require(!hasOwn || !patch.isEmpty, "what is there can be taken out")
    try require(restorePatch(from: own, to: own).isEmpty, "what is the same needs no change")
  }
}

private func checkLines(_ chain: OwnChain, _ family: AddressFamily) throws(BrokenLaw) {
  for line in chain.lines {
    guard case .rule = line else { continue }
    let text = line.text(family)
    let file = "*filter\n:\(chain.name) - [0:0]\n-A \(chain.name) \(text)\nCOMMIT\n"
    let again = try? readSaveText(Array(file.utf8), family: family)
    let found = again?.tables.flatMap(\.chains).flatMap(\.lines)
    try require(found == [line], "a rule that is printed reads the same", text)
  }
}
