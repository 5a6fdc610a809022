import Foundation
import KernelForm
import KernelTestSupport
import Testing

/// From any policy of the corpus to any other the plan leads exactly there.
@Suite struct CorpusPlanTests {
  /// How many others each policy is followed by; `ALL_PAIRS=1` asks for all.
  private static let sample =
    ProcessInfo.processInfo.environment["ALL_PAIRS"] == "1" ? Int.max : 5

  @Test func fromEachPolicyToOthers() throws {
    let policies = try Corpus.all().map { ($0.name, kernelForm(of: $0.ruleset)) }
    #expect(policies.count > 150)
    for (place, (name, ruleset)) in policies.enumerated() {
      let live = try apply(plan(from: KernelRuleset(), to: ruleset), to: KernelRuleset())
      let canonical = live.canonical
      #expect(plan(from: live, to: ruleset).isEmpty, "\(name)")
      for step in 1...min(Self.sample, policies.count - 1) {
        // Neighbors are alike, others are not.
        let distance = Self.sample == .max ? step : step * step * step
        let (next, wanted) = policies[(place + distance) % policies.count]
        let steps = plan(from: live, to: wanted)
        let result = try apply(steps, to: live)
        let back = try apply(plan(from: result, to: ruleset), to: result)
        // Whole rulesets are no help in a message.
        let isThere = result.canonical == wanted.canonical && plan(from: result, to: wanted).isEmpty
        #expect(isThere, "\(name) -> \(next)")
        let isBack = back.canonical == canonical
        #expect(isBack, "\(name) -> \(next) and back")
      }
    }
  }
}
