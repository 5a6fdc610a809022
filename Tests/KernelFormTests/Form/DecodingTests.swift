import KernelForm
import Netfilter
import RulesetTestSupport
import Testing

@Suite("What stands in the kernel, in the words of the representation")
struct DecodingTests {
  @Test("every noun comes back", arguments: TableFamily.allCases)
  func everyNoun(_ family: TableFamily) {
    let table = family == .inet ? everyInetNoun() : everyBridgeNoun(includesRare: true)
    expectLaw(Ruleset(tables: [table]), "\(family)")
  }

  @Test("every policy of the corpus comes back")
  func corpus() throws {
    let policies = try Corpus.all()
    #expect(policies.count > 100)
    for policy in policies { expectLaw(policy.ruleset, policy.name) }
  }

  @Test("random rulesets come back")
  func randomRulesets() {
    for seed in Seeds.some(500) {
      var random = RandomRulesets(seed: seed, capabilities: Set(Capability.allCases))
      let ruleset = random.ruleset()
      #expect(verify(ruleset) == [], "seed \(seed)")
      expectLaw(ruleset, "seed \(seed)")
    }
  }
}

/// Expects that what the kernel holds of the ruleset is the ruleset, and that nothing of it is
/// strange.
func expectLaw(_ ruleset: Ruleset, _ place: String) {
  let wanted = canonical(ruleset)
  let decoded = KernelForm.ruleset(of: kernelForm(of: ruleset))
  #expect(decoded.leftovers == [], "\(place)")
  if let difference = firstDifference(decoded.ruleset, wanted) {
    Issue.record("\(place)\n\(difference)")
  }
  if let difference = firstDifference(canonical(wanted), wanted) {
    Issue.record("\(place), said twice\n\(difference)")
  }
}

/// Where two rulesets differ first, in few words; `nil` where they are equal.
private func firstDifference(_ own: Ruleset, _ wanted: Ruleset) -> String? {
  guard own != wanted else { return nil }
  for (left, right) in zip(own.tables, wanted.tables) {
    for (left, right) in zip(left.sets, right.sets) where left != right {
      return "\(left)\ninstead of\n\(right)"
    }
    for (left, right) in zip(left.verdictMaps, right.verdictMaps) where left != right {
      return "\(left)\ninstead of\n\(right)"
    }
    for (left, right) in zip(left.addressMaps, right.addressMaps) where left != right {
      return "\(left)\ninstead of\n\(right)"
    }
    for (left, right) in zip(left.chains, right.chains) {
      for (left, right) in zip(left.rules, right.rules) where left != right {
        return "\(left)\ninstead of\n\(right)"
      }
    }
  }
  return "\(dump(own))\ninstead of\n\(dump(wanted))"
}
