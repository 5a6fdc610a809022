import Diagnostics
import PolicyTestSupport
import Syntax
import Testing

/// Nothing crashes, nothing takes long, and rubbish gives few messages.
struct HostileInputTests {
  static let rubbish = [
    "{", "{\n", "}", "[", "\"", "\"\n", "a ", "a:", "::", "{ } ", "on a {", "network a {\n",
    "list a {",
    "publish ", "network ", "allow a -> ", "#", "\r", "\0", "-", "\\", "é", "on on { ",
    "network a { container ", "log ", "log denied ", "allow a->a log ",
  ]

  @Test(.timeLimit(.minutes(1)), arguments: rubbish)
  func muchRubbishIsQuick(_ piece: String) {
    let size = ["{", "{\n"].contains(piece) ? 1 << 20 : 1 << 16
    let text = String(repeating: piece, count: size / piece.utf8.count)
    var log = DiagnosticLog()
    _ = parse(source(text), log: &log)
    #expect(log.count <= text.utf8.count / 2)
    let junk = ["{", "{\n", "}", "[", "\"", "-", "\0", "é", "::", "a "]
    if junk.contains(piece) { #expect(log.count == 1) }
  }

  @Test(arguments: 0..<300)
  func randomBytesNeverCrash(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let bytes = (0..<2_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    var log = DiagnosticLog()
    checkText(source(bytes), log: &log)
    #expect(log.hasErrors)
    #expect(parsed(source(bytes)).findings.count <= 200)
  }

  /// Every keyword and sign in any order.
  @Test(arguments: 0..<300)
  func randomTokensNeverCrash(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let words =
      Keyword.allCases.map(\.rawValue)
      + [
        "{", "}", "{", "}", "[", "]", ",", "->", ":", "=", "/", "a", "80", "::1", "10.0.0.1", "\n",
      ]
    let text = (0..<400).map { _ in random.pick(words) }.joined(separator: " ")
    let (tree, findings) = parsed(text)
    #expect(!findings.isEmpty && findings.count <= 400)
    for finding in findings {
      #expect(Int(finding.span?.end ?? 0) <= text.utf8.count)
    }
    #expect(!tree.declarations.isEmpty)
  }

  @Test func theErrorsOfAFileAreCapped() {
    var log = DiagnosticLog()
    _ = parse(source(String(repeating: "publish ", count: 100_100)), log: &log)
    #expect(log.count == 100_001)
    #expect(log.sorted.last?.message.contains("more than 100000 syntax errors") == true)
  }

  /// What follows the last error that is told is not kept: it would take gigabytes.
  @Test(arguments: ["network a {\n", "network a {", "publish tcp\n"])
  func endlessMistakesEndTheReading(line: String) {
    var log = DiagnosticLog()
    let text = String(repeating: line, count: 120_000)
    let tree = parse(SourceText(name: "a", file: 0, bytes: Array(text.utf8)), log: &log)
    #expect(log.errorCount == 100_001)
    #expect(tree.declarations.count <= 200_003)
  }
}
