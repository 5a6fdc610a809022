import Diagnostics
import Testing

struct FixItApplicationTests {
  private func finding(_ edits: (String, String)..., in fixture: Fixture) -> Diagnostic {
    Diagnostic(
      .nameUnknown, "m\(edits)", at: nil,
      fixIts: [
        FixIt("mend", edits: edits.map { TextEdit(fixture.span($0.0), replacement: $0.1) })
      ])
  }

  private func apply(_ findings: [Diagnostic], to fixture: Fixture) -> (String, Int) {
    let result = FixItApplication(findings, to: fixture.sources)
    guard let file = result.files.first else { return (fixture.text, result.applied) }
    return (String(decoding: file.bytes, as: UTF8.self), result.applied)
  }

  @Test func editsOfManyFindingsAreApplied() {
    let fixture = Fixture("one two three four")
    let (text, applied) = apply(
      [
        finding(("four", "4"), ("one", "1"), in: fixture),
        finding(("three", ""), in: fixture),
      ], to: fixture)
    #expect(text == "1 two  4")
    #expect(applied == 2)
  }

  @Test func whatCollidesWaitsForAnotherRound() {
    let fixture = Fixture("one two three")
    let (text, applied) = apply(
      [
        finding(("one two", "a"), in: fixture),
        finding(("two", "b"), ("three", "c"), in: fixture),
        finding(("three", "d"), in: fixture),
      ], to: fixture)
    #expect(text == "a d")
    #expect(applied == 2)
  }

  @Test func theSameEditTwiceIsDoneOnce() {
    let fixture = Fixture("one two")
    let (text, applied) = apply(
      [finding(("one", "1"), in: fixture), finding(("one", "1"), ("two", "2"), in: fixture)],
      to: fixture)
    #expect(text == "1 2")
    #expect(applied == 2)
  }

  @Test func neighborsDoNotCollide() {
    let fixture = Fixture("onetwo")
    let (text, _) = apply(
      [finding(("one", "1"), in: fixture), finding(("two", "2"), in: fixture)], to: fixture)
    #expect(text == "12")
  }

  @Test func filesWithoutEditsAreNotRewritten() {
    var sources = SourceMap()
    _ = sources.add(name: "a", bytes: Array("x".utf8))
    let second = sources.add(name: "b", bytes: Array("y".utf8))
    let span = SourceSpan(file: second, start: 0, end: 1)
    let finding = Diagnostic(
      .nameUnknown, "m", at: span,
      fixIts: [FixIt("mend", edits: [TextEdit(span, replacement: "z")])])
    let result = FixItApplication([finding], to: sources)
    #expect(result.files.map(\.file) == [second])
    #expect(result.files.map(\.bytes) == [Array("z".utf8)])
  }
}
