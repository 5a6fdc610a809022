package import Netfilter

/// What stands in the kernel, as far as the representation has words for it.
package struct DecodedRuleset: Hashable, Sendable {
  package var ruleset: Ruleset
  /// Everything else, in the order in which it stands.
  package var leftovers: [Leftover]

  package init(ruleset: Ruleset, leftovers: [Leftover] = []) {
    self.ruleset = ruleset
    self.leftovers = leftovers
  }
}

/// Something in a table that the representation has no words for: somebody else put it there.
package struct Leftover: Hashable, Sendable {
  package let table: TablePath
  /// The chain of a rule; `nil` for what is no rule.
  package let chain: String?
  /// The kernel's number of a rule, where it has one.
  package let handle: UInt64?
  /// What it is, in a few words.
  package let what: String

  package init(_ table: TablePath, chain: String? = nil, handle: UInt64? = nil, what: String) {
    self.table = table
    self.chain = chain
    self.handle = handle
    self.what = what
  }
}

/// The kernel's tables in the words of the representation, whoever loaded them and however.
///
/// Nothing is guessed: a rule that has a part without a word is left over as a whole. For what
/// `kernelForm(of:)` made, nothing is left over and the result is the ruleset's `canonical(_:)`.
///
/// - Complexity: O(n log n) in the number of elements, linear in the rest.
package func ruleset(of kernel: KernelRuleset) -> DecodedRuleset {
  var result = DecodedRuleset(ruleset: Ruleset())
  for table in kernel.tables {
    var decoder = TableDecoder(table)
    decoder.run()
    result.ruleset.tables.append(decoder.result)
    result.leftovers += decoder.leftovers
  }
  return result
}
