import Testing

struct ExplainTests {
  @Test func anIdIsExplained() throws {
    let run = try Tool.run("explain", "publish-conflict")
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("publish-conflict (error)\n\nTwo publishes claim"))
    #expect(run.errors.isEmpty)
  }

  @Test func withoutIdAllAreListed() throws {
    let run = try Tool.run("explain")
    #expect(run.status == 0)
    #expect(run.output.split(separator: "\n").count > 80)
  }

  @Test func anUnknownIdIsAMistake() throws {
    let run = try Tool.run("explain", "publish-nonsense")
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("no finding is called 'publish-nonsense'; there are publish-con"))
  }
}
