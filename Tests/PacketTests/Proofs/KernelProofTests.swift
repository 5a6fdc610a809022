import Driver
import Foundation
import PolicyTestSupport
import TestSupport
import Testing

/// Whatever the policy: the kernel does to packets what the model says.
@Suite(.routers(2..<4)) struct KernelProofTests {
  /// Generated policies in namespaces, by nft, iptables-nft and iptables-legacy.
  @Test func kernelAgreesWithTheModel() async throws {
    let budget = ProofBudget.current
    let end = Date(timeIntervalSinceNow: budget.seconds)
    let pool = try #require(RouterPool.current)
    let lanes = 2
    let found = try LiveRules.capabilities()
    let total = try await withThrowingTaskGroup(of: ProofCount.self) { group in
      for lane in 0..<lanes {
        group.addTask {
          var count = ProofCount()
          for index in stride(from: lane, to: budget.hosts, by: lanes)
          where count.failures.count < 4 && Date() < end {
            let seed = budget.seed &+ UInt64(index)
            // One policy of four is for any kernel, and one for what this kernel can do.
            let host = try GeneratedHost.generated(
              seed: seed, isSimple: true, capabilities: seed % 4 == 1 ? found : [])
            count += try await KernelProof(seed: seed, host).checked(in: pool)
          }
          return count
        }
      }
      return try await group.reduce(into: ProofCount()) { $0 += $1 }
    }
    print("Kernel agrees with the model? PROVE_SEED=\(budget.seed): \(total.summary)")
    for failure in total.failures { Issue.record("\(failure)") }
    #expect(total.isTelling, "\(total.summary)")
  }
}
