import KernelForm
import KernelTestSupport
import Netfilter
import Testing

@Suite("Plans lead where they say, by steps that the kernel takes")
struct PlanLawTests {
  @Test("from any tables to any others", arguments: UInt64(0)..<400)
  func anyToAny(seed: UInt64) throws {
    var generator = KernelRulesetGenerator(seed: seed)
    let live = generator.ruleset().numbered
    let wanted = seed % 2 == 0 ? generator.variation(of: live) : generator.ruleset()
    try expectPlan(from: live, leadsTo: wanted)
  }

  @Test("from nothing, and back to nothing", arguments: UInt64(0)..<50)
  func nothing(seed: UInt64) throws {
    var generator = KernelRulesetGenerator(seed: seed)
    let ruleset = generator.ruleset()
    try expectPlan(from: KernelRuleset(), leadsTo: ruleset)
    try expectPlan(from: ruleset.numbered, leadsTo: KernelRuleset())
  }

  @Test("nothing is to be done where all is as wanted", arguments: UInt64(0)..<100)
  func same(seed: UInt64) throws {
    var generator = KernelRulesetGenerator(seed: seed)
    let ruleset = generator.ruleset()
    #expect(plan(from: ruleset.numbered, to: ruleset).isEmpty)
  }

  private func expectPlan(from live: KernelRuleset, leadsTo wanted: KernelRuleset) throws {
    let steps = plan(from: live, to: wanted)
    let result = try apply(steps, to: live)
    #expect(result.canonical == wanted.canonical)
    #expect(plan(from: result, to: wanted).isEmpty)
  }
}
