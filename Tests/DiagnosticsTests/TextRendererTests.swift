import Diagnostics
import Testing

struct TextRendererTests {
  @Test func aFindingWithNoteAndFix() {
    let fixture = Fixture("publish tcp 80 -> web\npublish tcp 80 -> db\n")
    let second = SourceSpan(file: 0, start: 22, end: 42)
    let finding = Diagnostic(
      .publishConflict, "port 80 is already published", at: second,
      notes: [Note("first here", at: fixture.span("publish tcp 80")), Note("one target only")],
      fixIts: [FixIt("remove the line", edits: [TextEdit(second, replacement: "")])])
    #expect(
      fixture.render(finding) == """
        error[publish-conflict]: port 80 is already published
         --> policy.ward:2:1
          |
        2 | publish tcp 80 -> db
          | ^^^^^^^^^^^^^^^^^^^^
        note: first here
         --> policy.ward:1:1
          |
        1 | publish tcp 80 -> web
          | --------------
        note: one target only
        help: remove the line

        1 error

        """)
  }

  @Test func nothingForNoFindings() {
    #expect(Fixture("x").render() == "")
  }

  @Test func tabsWideCharactersAndMarksKeepTheUnderlineInPlace() {
    let fixture = Fixture("\t日本 e\u{301} web\n")
    let text = fixture.render(Diagnostic(.nameUnknown, "unknown", at: fixture.span("web")))
    #expect(
      text.contains(
        """
        --> policy.ward:1:8
          |
        1 |     日本 e\u{301} web
          |            ^^^

        """))
  }

  @Test func controlsNeverReachTheTerminal() {
    let fixture = Fixture("a\u{1B}[31m\u{202E}b\n", name: "x\u{1B}.ward")
    let text = fixture.render(
      Diagnostic(.textBidi, "hidden \u{1B}]0;x\u{7}", at: fixture.span("b")))
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    #expect(text.contains("a␛[31m<U+202E>b"))
    #expect(text.contains("x␛.ward"))
    #expect(text.contains("hidden ␛]0;x␇"))
  }

  @Test func bytesThatAreNoTextAreShownOneByOne() {
    var sources = SourceMap()
    let file = sources.add(name: "x", bytes: [0x61, 0xFF, 0xC3, 0x62])
    let text = TextRenderer(sources, isColored: false).render(
      Diagnostic(.textEncoding, "bad", at: SourceSpan(file: file, start: 1, end: 3)))
    #expect(text.contains("1 | a\u{FFFD}\u{FFFD}b\n  |  ^^\n"))
  }

  @Test func longLinesAreShownAroundTheRange() throws {
    let fixture = Fixture(
      String(repeating: "x", count: 50_000) + " web " + String(repeating: "y", count: 50_000))
    let text = fixture.render(
      Diagnostic(.nameUnknown, "unknown", at: fixture.span("web")), width: 60)
    let lines = text.split(separator: "\n")
    let shown = try #require(lines.first { $0.hasPrefix("1 |") })
    let underline = try #require(lines.last { $0.contains("^") })
    #expect(shown.count <= 62)
    #expect(shown.contains("…x") && shown.hasSuffix("y…"))
    let marked = zip(shown, underline).filter { $0.1 == "^" }.map(\.0)
    #expect(String(marked) == "web")
  }

  @Test func aRangeLongerThanTheWindowIsCut() throws {
    let fixture = Fixture("a " + String(repeating: "é", count: 3_000) + "\n")
    let span = SourceSpan(file: 0, start: 2, end: 6002)
    let text = fixture.render(Diagnostic(.nameUnknown, "unknown", at: span), width: 60)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 62 })
    #expect(text.contains("^^^^"))
  }

  @Test(arguments: [0, 1, 5, 19, 20, 21, 24, 40, 79, 80])
  func theUnderlineIsUnderTheRangeAtEveryPlace(start: Int) throws {
    let line = (0..<80).map { String(UnicodeScalar(UInt8(33 + $0))) }.joined()
    let fixture = Fixture(line + "\n")
    let end = min(start + 3, 80)
    let span = SourceSpan(file: 0, start: UInt32(start), end: UInt32(end))
    let text = fixture.render(Diagnostic(.nameUnknown, "unknown", at: span), width: 34)
    let lines = text.split(separator: "\n").map { Array($0) }
    let shown = lines[3]
    let underline = lines[4]
    let marked = underline.indices.filter { underline[$0] == "^" && $0 > 3 }
    let wanted = Array(line)[start..<end]
    #expect(String(marked.filter { $0 < shown.count }.map { shown[$0] }) == String(wanted))
  }

  @Test func aRangeOverLinesIsMarkedToTheEndOfItsFirst() {
    let fixture = Fixture("network a {\r\n}\r\n")
    let span = SourceSpan(file: 0, start: 8, end: 14)
    let text = fixture.render(Diagnostic(.syntaxError, "unexpected", at: span))
    #expect(text.contains("1 | network a {\n  |         ^^^\n"))
  }

  @Test func theEndOfTheFileHasAPlace() {
    let fixture = Fixture("network a {\n")
    let span = SourceSpan(file: 0, start: 12, end: 12)
    let text = fixture.render(Diagnostic(.syntaxError, "expected `}`", at: span))
    #expect(text.contains("--> policy.ward:2:1\n  |\n2 | \n  | ^\n"))
  }

  @Test func aWholeFileHasNoLine() {
    let fixture = Fixture("language 1\n")
    let span = SourceSpan(file: 0, start: 0, end: 0)
    let text = fixture.render(Diagnostic(.fileWritable, "others can write `x`", at: span))
    #expect(
      text == """
        warning[file-writable]: others can write `x`
         --> policy.ward

        1 warning

        """)
  }

  @Test func lineNumbersAreAligned() {
    let fixture = Fixture(String(repeating: "x\n", count: 99) + "web\n")
    let text = fixture.render(
      Diagnostic(
        .nameDuplicate, "twice", at: fixture.span("web"),
        notes: [Note("here", at: fixture.span("x"))]))
    #expect(text.contains("   --> policy.ward:100:1\n    |\n100 | web\n    | ^^^\n"))
    #expect(text.contains("   --> policy.ward:1:1\n    |\n  1 | x\n    | -\n"))
  }

  @Test func aHundredAreShownAndAllAreCounted() {
    let fixture = Fixture(String(repeating: "x\n", count: 10_000))
    var log = DiagnosticLog()
    for index in 0..<10_000 {
      let span = SourceSpan(file: 0, start: UInt32(index * 2), end: UInt32(index * 2 + 1))
      log.add(Diagnostic(.syntaxError, "unexpected", at: span))
    }
    let text = TextRenderer(fixture.sources, isColored: false).render(log)
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("error[") }.count == 100)
    #expect(text.hasSuffix("\n10000 errors; the first 100 are shown\n"))
  }

  @Test func millionsAreCountedButNotKept() {
    let fixture = Fixture("x\n")
    var log = DiagnosticLog()
    let total = DiagnosticLog.keptLimit + 1000
    for index in 0..<total {
      log.add(Diagnostic(.syntaxError, "e\(index)", at: fixture.span("x")))
    }
    log.add(Diagnostic(.fileWritable, "w", at: nil))
    var sum = DiagnosticLog()
    sum.add(contentsOf: log)
    for log in [log, sum] {
      #expect(log.errorCount == total && log.warningCount == 1 && log.count == total + 1)
      #expect(log.sorted.count == DiagnosticLog.keptLimit + 1)
      let text = TextRenderer(fixture.sources, isColored: false).render(log)
      #expect(text.hasSuffix("\n\(total) errors, 1 warning; the first 100 are shown\n"))
      #expect(DiagnosticReport(log, sources: fixture.sources).errors == total)
    }
  }

  @Test func colorsFollowTheSeverity() {
    let fixture = Fixture("x\n")
    let text = fixture.render(
      Diagnostic(.fileWritable, "w", at: fixture.span("x")), isColored: true)
    #expect(text.hasPrefix("\u{1B}[1;33mwarning[file-writable]\u{1B}[0m\u{1B}[1m: w\u{1B}[0m\n"))
    #expect(!fixture.render(Diagnostic(.fileWritable, "w", at: nil)).contains("\u{1B}"))
  }

  @Test func countsNameWhatThereIs() {
    let warning = Diagnostic(.fileWritable, "w", at: nil)
    let error = Diagnostic(.syntaxError, "e", at: nil)
    let note = Diagnostic(.textCrlf, "n", at: nil)
    let all = FindingCounts(DiagnosticLog(), kept: [error, error, warning, note])
    #expect(all.description == "2 errors, 1 warning, 1 note")
    #expect(FindingCounts(DiagnosticLog(), kept: [warning]).description == "1 warning")
  }
}
