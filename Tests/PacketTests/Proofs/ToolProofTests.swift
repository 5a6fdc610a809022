import Foundation
import Testing

/// Whatever the policy: nft and both variants of iptables take what is printed for them, and
/// iptables-save gives back what was printed.
struct ToolProofTests {
  @Test func toolsTakeGeneratedPolicies() throws {
    let budget = ProofBudget.current
    let end = Date(timeIntervalSinceNow: budget.seconds)
    var count = 0
    for index in 0..<budget.hosts where Date() < end {
      let seed = budget.seed &+ UInt64(index)
      let host = try GeneratedHost.generated(seed: seed, isSimple: false)
      if let problem = try ToolProof(host: host).problem(seed: seed) { Issue.record("\(problem)") }
      count += 1
    }
    print("Tools take the texts? PROVE_SEED=\(budget.seed): \(count) policies")
    #expect(count > 0)
  }
}
