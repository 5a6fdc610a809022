package import Netfilter

/// The ruleset in the kernel's terms: what `nft -f` makes of the text that is printed for it, in
/// the form in which the kernel gives it back.
///
/// Anonymous sets are named `__set0`, `__set1` and so on, as the kernel names them in a new table.
/// Bytes that nft adds to describe how a set was declared, and does not need, are left out.
///
/// - Requires: `verify(ruleset)` finds nothing.
/// - Complexity: linear in the number of rules and elements.
package func kernelForm(of ruleset: Ruleset) -> KernelRuleset {
  KernelRuleset(
    tables: TableFamily.allCases.compactMap { family in
      ruleset.table(family).map(kernelTable)
    })
}

private func kernelTable(_ table: Table) -> KernelTable {
  var result = KernelTable(
    family: table.family, name: table.name,
    comment: table.comment.map { quotable($0, limit: nftCommentLimit) })
  let sets = SetEncoder(refillSeconds: table.refillSeconds)
  result.sets = table.sets.map(sets.encode)
  result.sets += table.verdictMaps.map(MapEncoder.encode)
  result.sets += table.addressMaps.map(MapEncoder.encode)
  let context = TableContext(table)
  var anonymousCount = 0
  for chain in table.chainsInOrder {
    var encoded = KernelChain(chain.name, chain.kind)
    for rule in chain.rules where !(rule.matches.isEmpty && rule.actions.isEmpty) {
      var encoder = RuleEncoder(rule, in: context, firstAnonymous: anonymousCount)
      encoder.run()
      anonymousCount += encoder.anonymousSets.count
      result.sets += encoder.anonymousSets
      encoded.rules.append(
        KernelRule(encoder.expressions, comment: rule.kernelComment, origin: rule.origin))
    }
    result.chains.append(encoded)
  }
  return result
}

extension Rule {
  /// `place: why`, or what there is of it.
  fileprivate var kernelComment: String? {
    guard origin != nil || comment != nil else { return nil }
    var text = TextBuffer(capacity: nftCommentLimit)
    text.append(comment: origin, comment)
    return String(decoding: text.bytes, as: UTF8.self)
  }
}
