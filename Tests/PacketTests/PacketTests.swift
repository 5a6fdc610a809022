import TestSupport
import Testing

/// What rules do to packets is what the policy says, whichever backend carries it.
@Suite(.routers(2)) struct PacketTests {
  /// Every scenario under every backend, with bridged frames handed to IP rules and not.
  @Test(arguments: Cell.all) func packetsFareAsThePolicySays(_ cell: Cell) async throws {
    let scenario = try Scenario(named: cell.scenario)
    let compiled = try PolicyCompiler.compile(scenario.policy, for: cell.backend)
    expectWarnings(of: scenario, in: cell, compiled.findings)
    let pool = try #require(RouterPool.current)
    let failures = try await pool.withRouter { router in
      try await router.load(
        scenario.foreign.map(\.program) + [compiled.program], filtersBridged: cell.filtersBridged)
      return try await scenario.trial(in: cell).failures(on: router)
    }
    for failure in failures { Issue.record("\(cell): \(failure)") }
  }

  // What a backend cannot enforce, the compiler must say.
  private func expectWarnings(of scenario: Scenario, in cell: Cell, _ findings: String) {
    for need in Set(scenario.expectations.compactMap(\.need)).sorted(by: <)
    where !cell.provides(need) {
      #expect(findings.contains(need.warning), "\(cell) must warn with \(need.warning)")
    }
  }
}

extension Expectation.Need: Comparable {
  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The finding that tells of a backend without it.
  fileprivate var warning: String {
    switch self {
    case .bridged: "enforce-bridge"
    case .arp: "antispoof-arp"
    }
  }
}
