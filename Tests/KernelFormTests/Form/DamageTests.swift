import KernelForm
import Netfilter
import RulesetTestSupport
import Testing

@Suite("What others put into our tables is told, and never taken for ours")
struct DamageTests {
  @Test("a damaged rule is left over, or means what it says")
  func damagedRules() {
    for seed in 0..<500 as Range<UInt64> {
      var random = RandomRulesets(seed: seed, capabilities: Set(Capability.allCases))
      var damage = Damage(seed: seed)
      let damaged = damage.damaged(kernelForm(of: random.ruleset()))
      let decoded = ruleset(of: damaged)
      let again = kernelForm(of: decoded.ruleset)
      for table in again.tables {
        guard let live = damaged.table(table.family) else { continue }
        for chain in live.chains {
          let own = table.chains.first { $0.name == chain.name }?.rules ?? []
          let leftovers = decoded.leftovers.filter {
            $0.table.family == table.family && $0.chain == chain.name
          }.count
          #expect(own.count + leftovers == chain.rules.count, "seed \(seed)")
          let theirs = Set(chain.rules.map { Meaning($0.expressions) })
          for rule in own where !theirs.contains(Meaning(rule.expressions)) {
            let parts = Meaning(rule.expressions).parts
            let nearest = theirs.map(\.parts).min {
              $0.symmetricDifference(parts).count < $1.symmetricDifference(parts).count
            }
            let (excess, missing) = (
              parts.subtracting(nearest ?? []), (nearest ?? []).subtracting(parts)
            )
            Issue.record("seed \(seed): \(chain.name) got \(excess) instead of \(missing)")
          }
        }
      }
    }
  }
}
