import Diagnostics
import ScratchFiles
import TestSupport
import Testing

/// What rules do to packets is what the policy says, whichever tool carries them.
@Suite(.routers(0..<2)) struct PacketTests {
  /// Every scenario with every tool, with bridged frames handed to IP rules and not.
  @Test(arguments: Cell.all) func packetsFareAsThePolicySays(_ cell: Cell) async throws {
    let scenario = try Scenario(named: cell.scenario)
    let scratch = try Scratch()
    defer { extendLifetime(scratch) }
    let other = Scenario.exampleFile("multi-tenant")
    let (program, ids) = try scenario.policy.output(for: cell.tool, after: other, scratch: scratch)
    let before = try scenario.before?.output(for: cell.tool, after: other, scratch: scratch)
    let foreign = scenario.foreign.map { $0.program(beside: cell.tool) }
    expectWarnings(of: scenario, in: cell, ids)
    let pool = try #require(RouterPool.current)
    let failures = try await pool.withRouter(scenario.plan) { router in
      try await router.load(
        foreign + [before?.program, program].compactMap(\.self),
        filtersBridged: cell.filtersBridged, routesMulticast: scenario.routesMulticast)
      if scenario.plan.others.contains(where: \.asksForAddresses) {
        try await router.obtainLeases(patience: 4)
      }
      return try await scenario.trial(in: cell).failures(on: router)
    }
    for failure in failures { Issue.record("\(cell): \(failure)") }
  }

  // What a tool cannot enforce, the compiler must say.
  private func expectWarnings(of scenario: Scenario, in cell: Cell, _ ids: Set<DiagnosticID>) {
    let needs = Set(scenario.expectations.compactMap(\.need))
    for need in Expectation.Need.allCases where needs.contains(need) && !cell.provides(need) {
      #expect(
        need.warnings.isEmpty || !ids.isDisjoint(with: need.warnings),
        "\(cell) must warn with one of \(need.warnings.map(\.rawValue))")
    }
  }
}

extension Expectation.Need {
  /// The findings that tell of a tool without it; none where that is not the tool's doing.
  fileprivate var warnings: [DiagnosticID] {
    switch self {
    case .bridged, .tagged: [.enforceBridge, .antispoofArp]
    case .arp: [.antispoofArp]
    case .unfiltered, .joint, .separate: []
    }
  }
}
