import KernelForm
import Netfilter
import RulesetTestSupport
import Testing

@Suite("Rulesets in the kernel's terms are what nft makes of their text")
struct EncodingTests {
  @Test("every noun", arguments: TableFamily.allCases)
  func everyNoun(_ family: TableFamily) throws {
    let table = family == .inet ? everyInetNoun() : everyBridgeNoun(includesRare: true)
    try expectTruth(Ruleset(tables: [table]))
  }
}

/// Expects the expressions and elements that nft sends for the ruleset's text.
func expectTruth(_ ruleset: Ruleset, _ place: String = "") throws {
  let truth = try NftTruth(ruleset)
  let form = kernelForm(of: ruleset)
  let rules = form.tables.flatMap(NftNotation.rules)
  #expect(rules.count == truth.rules.count, "\(place)")
  for (own, theirs) in zip(rules, truth.rules) where own != theirs {
    Issue.record("\(place)\n\(own)\ninstead of\n\(theirs)")
  }
  let elements = form.tables.flatMap(\.elementLists).map { $0.sorted() }.sorted { $0[0] < $1[0] }
  let theirs = truth.elements.map { $0.sorted() }.sorted { $0[0] < $1[0] }
  for (own, theirs) in zip(elements, theirs) where own != theirs {
    Issue.record("\(place)\n\(own)\ninstead of\n\(theirs)")
  }
  #expect(elements.count == theirs.count, "\(place)")
}
