import Foundation
import TestSupport
import Testing

/// The harness itself: it accepts rules that are right, and sees every hole in rules that are not.
extension PacketTests {
  @Test(arguments: [false, true])
  func handwrittenRulesSatisfy(filtersBridged: Bool) async throws {
    let failures = try await quickstartFailures(handwritten(), filtersBridged)
    for failure in failures { Issue.record("\(failure)") }
  }

  /// Without rules everything that must be dropped and can be sent arrives.
  @Test func anOpenHostIsSeenToBeOpen() async throws {
    let failures = try await quickstartFailures("", false)
    let scenario = try Scenario(named: "quickstart")
    let failed = Set(failures.map(\.expectation.line))
    let rows = Set(failures.map(\.expectation.row))
    #expect(rows.isSuperset(of: [3, 4, 7, 8, 9, 11, 13, 15, 16, 19]))
    let open = Set(scenario.expectations.filter { $0.row == 9 || $0.row == 18 }.map(\.line))
    #expect(open.isSubset(of: failed.union(scenario.lines(ofRow: 18))))
    #expect(failed.isDisjoint(with: scenario.lines(ofRow: 18)))
  }

  /// Without rules whatever must be dropped arrives, and segments keep their size; but for loopback
  /// addresses from outside, which the kernel drops by itself where nothing is translated.
  @Test(
    arguments: ["connections", "limits", "rates", "mss", "mssbytes", "sctp", "multicast"]
      + Scenario.conformanceNames)
  func withoutRulesNothingIsHeldUp(_ name: String) async throws {
    let scenario = try Scenario(named: name)
    let cell = Cell(scenario: name, tool: .nft, filtersBridged: false)
    let all = scenario.trial(in: cell)
    var closed = all.expectations.filter { $0.isShut && $0.row != 12 }
    let pool = try #require(RouterPool.current)
    // On a busy machine a packet may come too late; what arrives once is not held up.
    for _ in 0..<3 where !closed.isEmpty {
      let trial = Trial(expectations: closed, ports: all.ports, pauses: all.pauses)
      let failures = try await pool.withRouter(scenario.plan) { router in
        try await router.load(
          [], filtersBridged: false, routesMulticast: scenario.routesMulticast)
        return try await trial.failures(on: router)
      }
      let open = Set(failures.map(\.expectation.description))
      closed.removeAll { open.contains($0.description) }
    }
    #expect(closed.map(\.line) == [])
  }

  /// Each rule that is left out is missed by some probe.
  @Test(
    arguments: [
      ("iifname != \"lo\" ip daddr 127.0.0.0/8 drop", 12),
      ("fib daddr type local tcp dport 8080 ip saddr != @office4 drop", 8),
      ("meta nfproto ipv6 tcp dport 8080 dnat ip6", 8),
      ("iifname \"br-back\" drop", 16),
      ("oifname \"br-back\" drop", 4),
      ("oifname \"br-front\" drop", 9),
      ("ct state invalid drop", 19),
      ("ip daddr 169.254.169.254 drop", 7),
      ("ip saddr 172.18.0.0/16 ct status dnat masquerade", 13),
      ("oifname \"br-front\" ip saddr 127.0.0.0/8 masquerade", 11),
      ("oifname != { \"br-front\", \"br-back\" } masquerade", 7),
      ("ether type { ip, ip6 } drop", 3),
      ("iifname != { \"lo\", \"br-front\", \"br-back\" } drop", 15),
    ])
  func aMissingRuleIsNoticed(_ rule: String, row: Int) async throws {
    let lines = try handwritten().split(separator: "\n", omittingEmptySubsequences: false)
    let rest = lines.filter { !$0.contains(rule) }
    try #require(rest.count < lines.count)
    let failures = try await quickstartFailures(rest.joined(separator: "\n"), false)
    #expect(failures.contains { $0.expectation.row == row })
  }

  /// Whoever cannot ask for an address, or not be answered, has none, and names need their server.
  @Test(
    arguments: [
      ("input", "udp dport 67"), ("output", "udp dport 68"), ("input", "udp dport 547"),
      ("output", "icmpv6 type nd-router-advert"), ("input", "udp dport 53"),
    ])
  func aMissingLeaseIsNoticed(_ hook: String, _ match: String) async throws {
    let plan = try Scenario(named: "leases").plan
    let pool = try #require(RouterPool.current)
    try await pool.withRouter(plan) { router in
      let script = """
        table inet refusal {
          chain refuse {
            type filter hook \(hook) priority 0
            \(match) drop
          }
        }
        """
      try await router.load([.nft(script)], filtersBridged: false)
      await #expect(throws: LeaseFailure.self) { try await router.obtainLeases(patience: 1) }
    }
  }

  private func handwritten() throws -> String {
    try String(
      contentsOfFile: "\(Scenario.testDirectory)/Handwritten/quickstart.nft", encoding: .utf8)
  }

  private func quickstartFailures(
    _ script: String, _ filtersBridged: Bool
  ) async throws -> [Trial.Failure] {
    let cell = Cell(scenario: "quickstart", tool: .nft, filtersBridged: filtersBridged)
    let trial = try Scenario(named: cell.scenario).trial(in: cell)
    let pool = try #require(RouterPool.current)
    return try await pool.withRouter(.reference) { router in
      try await router.load([.nft(script)], filtersBridged: filtersBridged)
      return try await trial.failures(on: router)
    }
  }
}

extension Expectation {
  /// Whether only rules can bring it about.
  fileprivate var isShut: Bool {
    switch outcome {
    case .dropped: true
    case .clamped(let size): size < 1440
    case .reached, .closed, .unanswered, .rejected, .intact, .anything: false
    }
  }
}

extension Scenario {
  fileprivate func lines(ofRow row: Int) -> Set<Int> {
    Set(expectations.filter { $0.row == row }.map(\.line))
  }
}
