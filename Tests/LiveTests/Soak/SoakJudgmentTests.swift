import Testing

@Suite struct SoakJudgmentTests {
  private func span(_ begin: Int64, _ end: Int64) -> SoakSpan {
    SoakSpan(begin: SoakTime(begin), end: SoakTime(end))
  }

  /// Times of packets that arrive and should not, and whether somebody else is to blame.
  @Test(arguments: [(5, true), (25, false), (45, true), (65, false), (85, true), (125, false)])
  func waysBackBringDamageBack(time: Int64, isExcused: Bool) {
    let operations = [
      SoakOperation(kind: .apply, span: span(10, 20), mends: true),
      SoakOperation(kind: .undone, span: span(30, 40), undoes: span(10, 20)),
      SoakOperation(kind: .apply, span: span(50, 60), mends: true),
      SoakOperation(kind: .undone, span: span(70, 80), undoes: span(50, 60)),
      SoakOperation(kind: .apply, span: span(100, 110), mends: true),
      SoakOperation(kind: .apply, span: span(112, 114), mends: true),
      SoakOperation(kind: .undone, span: span(116, 118), undoes: span(112, 114)),
    ]
    let flush = Adversary.Act(span: span(0, 1), kind: "flush-ruleset", isOnOurs: true)
    var judgment = SoakJudgment(acts: [flush], operations: operations)
    judgment.judge([.init(flow: "stranger", span: span(time, time), hasArrived: true)])
    #expect(judgment.excused["stranger"] != nil || judgment.judged["stranger"] != nil)
    #expect((judgment.excused["stranger"] != nil) == isExcused)
  }
}
