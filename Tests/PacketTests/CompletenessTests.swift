import NetworkTypes
import TestSupport
import Testing

/// The scenarios leave no situation out.
struct CompletenessTests {
  /// Examples are policies, too.
  @Test func everyPolicyHasItsExpectations() {
    #expect(Scenario.names.contains("quickstart"))
    #expect(Scenario.names.contains("Examples/quickstart"))
    #expect(Scenario.names == Scenario.expectationNames)
  }

  @Test func everySituationIsTriedInBothFamilies() throws {
    let expectations = try Scenario.names.flatMap { try Scenario(named: $0).expectations }
    for row in 1...19 {
      for family in AddressFamily.allCases {
        let isTried = expectations.contains { $0.row == row && $0.probe.family == family }
        #expect(isTried, "row \(row) in \(family)")
      }
    }
  }

  /// A policy that drops everything, or nothing, must not pass.
  @Test(arguments: Scenario.names) func everyScenarioHasBothOutcomes(_ name: String) throws {
    let outcomes = try Scenario(named: name).expectations.map(\.outcome)
    let reached = outcomes.count {
      if case .reached = $0 { true } else { false }
    }
    #expect(reached > 0 && reached < outcomes.count)
  }
}
