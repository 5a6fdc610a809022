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

  @Test("every policy of the corpus")
  func corpus() throws {
    let policies = try Corpus.all()
    #expect(policies.count > 100)
    for policy in policies { try expectTruth(policy.ruleset, policy.name) }
  }

  @Test("random rulesets", arguments: Seeds.some(60))
  func randomRulesets(_ seed: UInt64) throws {
    var random = RandomRulesets(seed: seed, capabilities: Set(Capability.allCases))
    let ruleset = random.ruleset()
    #expect(verify(ruleset) == [], "seed \(seed)")
    try expectTruth(ruleset, "seed \(seed)")
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
  let elements = form.tables.flatMap(\.elementLists).map(Set.init)
  // nft sends sets in another order, and where it sends one in parts, their last elements twice.
  #expect(Set(elements) == Set(truth.elements.map(Set.init)), "\(place)")
  #expect(elements.count == truth.elements.count, "\(place)")
}
