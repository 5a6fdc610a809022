import TestSupport
import Testing

/// The routers of a test run, lent to one test at a time.
actor RouterPool {
  @TaskLocal static var current: RouterPool?

  /// A place for one router at a time.
  private struct Slot {
    /// Tells routers of one process apart.
    let group: Int
    var router: Router?
  }

  private var free: [Slot]
  private var waiting: [(plan: TopologyPlan, continuation: CheckedContinuation<Slot, Never>)] = []
  /// What those who have a router use it for, by its group.
  private var plansInUse: [Int: TopologyPlan] = [:]

  init(groups: Range<Int>) { free = groups.map { Slot(group: $0) } }

  /// - Requires: all are given back.
  func remove() async throws {
    for slot in free { try await slot.router?.remove() }
    free.removeAll()
  }

  /// Runs `body` with a router of this plan that nobody else uses meanwhile.
  nonisolated func withRouter<Value: Sendable>(
    _ plan: TopologyPlan, _ body: (Router) async throws -> Value
  ) async throws -> Value {
    var slot = await take(plan)
    do {
      let router = try await Self.prepare(&slot, plan)
      let value = try await body(router)
      await giveBack(slot)
      return value
    } catch {
      await giveBack(slot)
      throw error
    }
  }

  private static func prepare(_ slot: inout Slot, _ plan: TopologyPlan) async throws -> Router {
    if let router = slot.router {
      if router.plan == plan { return router }
      slot.router = nil
      try await router.remove()
    }
    let router = try Router(plan, group: slot.group)
    slot.router = router
    return router
  }

  // Making a router takes long: whoever wants what is there goes first.
  private func take(_ plan: TopologyPlan) async -> Slot {
    let index = free.firstIndex { $0.router?.plan == plan } ?? free.indices.last
    guard let index else {
      return await withCheckedContinuation { waiting.append((plan, $0)) }
    }
    plansInUse[free[index].group] = plan
    return free.remove(at: index)
  }

  // Next best is a plan that nobody else has a router of: one router is enough for each.
  private func giveBack(_ slot: Slot) {
    plansInUse[slot.group] = nil
    guard !waiting.isEmpty else { return free.append(slot) }
    let index =
      waiting.firstIndex { $0.plan == slot.router?.plan }
      ?? waiting.firstIndex { !plansInUse.values.contains($0.plan) } ?? 0
    let next = waiting.remove(at: index)
    plansInUse[slot.group] = next.plan
    next.continuation.resume(returning: slot)
  }
}

/// Lends routers to the tests of a suite, and removes them after it.
struct RouterPoolTrait: SuiteTrait, TestScoping {
  /// What tells the routers apart from those of other suites, which may run at the same time.
  let groups: Range<Int>

  @concurrent func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @Sendable @concurrent () async throws -> Void
  ) async throws {
    try NetworkNamespace.removeStale()
    let pool = RouterPool(groups: groups)
    do {
      try await RouterPool.$current.withValue(pool) { try await function() }
    } catch {
      try await pool.remove()
      throw error
    }
    try await pool.remove()
  }
}

extension Trait where Self == RouterPoolTrait {
  /// Lends a router for each of `groups`, which no other suite names, to the tests of the suite.
  static func routers(_ groups: Range<Int>) -> Self { Self(groups: groups) }
}
