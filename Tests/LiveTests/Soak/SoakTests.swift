import Testing

/// Random changes for a while, under traffic, with somebody else at the rules.
@Suite struct SoakTests {
  @Test func keepsThePolicyWhateverOthersDo() async throws {
    let budget = SoakBudget.current
    let outcome = try await onThread { try SoakOutcome(budget) }
    print(outcome.summary)
    let (record, judgment) = (outcome.record, outcome.judgment)
    for failure in record.failures + outcome.touched { Issue.record("\(failure)") }
    for flow in SoakNetwork.allowed {
      let count = judgment.judged[flow, default: .init()]
      #expect(count.sent > 0 && count.lost == 0, "\(flow): \(count)")
    }
    for flow in SoakNetwork.denied {
      let count = judgment.judged[flow, default: .init()]
      #expect(count.sent > 0 && count.arrived == 0, "\(flow): \(count)")
    }
    #expect(record.rounds > 0 && record.quietPoints > 1)
    // The measuring sees what is lost, and what leaks, where our rules are gone.
    #expect(SoakJudgment.total(judgment.excused, of: ["published"]).lost > 0)
    #expect(SoakJudgment.total(judgment.excused, of: SoakNetwork.denied).arrived > 0)
  }
}
