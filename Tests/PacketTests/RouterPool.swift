import TestSupport
import Testing

/// The routers of a test run, lent to one test at a time.
actor RouterPool {
  @TaskLocal static var current: RouterPool?

  private let routers: [Router]
  private var free: [Router]
  private var waiting: [CheckedContinuation<Router, Never>] = []

  init(count: Int) throws {
    routers = try (0..<count).map { try Router(group: $0) }
    free = routers
  }

  func remove() async throws {
    for router in routers { try await router.remove() }
  }

  /// Runs `body` with a router that nobody else uses meanwhile.
  nonisolated func withRouter<Value: Sendable>(
    _ body: (Router) async throws -> Value
  ) async throws -> Value {
    let router = await take()
    do {
      let value = try await body(router)
      await giveBack(router)
      return value
    } catch {
      await giveBack(router)
      throw error
    }
  }

  private func take() async -> Router {
    if let router = free.popLast() { return router }
    return await withCheckedContinuation { waiting.append($0) }
  }

  private func giveBack(_ router: Router) {
    guard !waiting.isEmpty else { return free.append(router) }
    waiting.removeFirst().resume(returning: router)
  }
}

/// Makes routers before a suite and removes them after it.
struct RouterPoolTrait: SuiteTrait, TestScoping {
  let count: Int

  @concurrent func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @Sendable @concurrent () async throws -> Void
  ) async throws {
    try NetworkNamespace.removeStale()
    let pool = try RouterPool(count: count)
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
  /// Lends `count` routers to the tests of the suite.
  static func routers(_ count: Int) -> Self { Self(count: count) }
}
