import Foundation
import PolicyTestSupport
import Testing

/// Whatever the policy: what the compiler has, what the kernel holds of it and what iptables gets do
/// the same to every packet.
struct FormProofTests {
  /// Generated policies, packets at their edges, and all forms on the model, with bridged frames
  /// handed to IP rules and not.
  @Test func formsAgreeOnGeneratedPolicies() async throws {
    let budget = ProofBudget.current
    let end = Date(timeIntervalSinceNow: budget.seconds)
    let lanes = 4
    let total = try await withThrowingTaskGroup(of: ProofCount.self) { group in
      for lane in 0..<lanes {
        group.addTask {
          var count = ProofCount()
          for index in stride(from: lane, to: budget.policies, by: lanes)
          where count.failures.count < 2 && Date() < end {
            count += try FormProof.count(seed: budget.seed &+ UInt64(index))
          }
          return count
        }
      }
      return try await group.reduce(into: ProofCount()) { $0 += $1 }
    }
    print("Forms of rules agree? PROVE_SEED=\(budget.seed): \(total.summary)")
    for failure in total.failures { Issue.record("\(failure)") }
    #expect(total.isTelling, "\(total.summary)")
  }

  /// A policy shrinks to what is needed to be interesting.
  @Test func policiesShrink() throws {
    var author = PolicyAuthor(seed: 7, counts: true, hasLinks: true)
    let policy = author.policy()
    let small = policy.shrunk { $0.text.contains("list office") }
    #expect(small.text.split(separator: "\n").count == 1)
    #expect(policy.without(lines: []) == policy)
    #expect(!policy.without(lines: [3]).text.contains("list office"))
  }
}
