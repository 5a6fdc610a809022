import Diagnostics
import PolicyTestSupport
import Syntax
import Testing

/// What the parser says, where, and how it mends it.
struct SyntaxErrorTests {
  /// A text with `«` and `»` around the place of its one error.
  struct Mistake: CustomTestStringConvertible, Sendable {
    let text: String
    let message: String
    var notes: [String] = []
    /// The text after the fix, where there is one.
    var mended: String?
    var id = DiagnosticID.syntaxError

    var testDescription: String { text }
  }

  static let mistakes: [Mistake] = [
    Mistake(
      text: "«publsh» tcp 80 -> web", message: "expected `publish`, found `publsh`",
      notes: ["did you mean `publish`?"], mended: "publish tcp 80 -> web"),
    Mistake(
      text: "«ALLOW» a -> b", message: "expected `allow`, found `ALLOW`",
      notes: ["did you mean `allow`?"], mended: "allow a -> b"),
    Mistake(
      text: "allow a -> b\n«dney» a -> c", message: "expected `deny`, found `dney`",
      notes: ["did you mean `deny`?"], mended: "allow a -> b\ndeny a -> c"),
    Mistake(
      text: "allow a -> b tcp 80 «form» c", message: "expected `from`, found `form`",
      notes: ["did you mean `from`?"], mended: "allow a -> b tcp 80 from c"),
    Mistake(
      text: "network n { icc «onn» }", message: "expected `on`, found `onn`",
      notes: ["did you mean `on`?"], mended: "network n { icc on }"),
    Mistake(
      text: "allow a -> b limit 1/second per «host»",
      message: "expected `source`, found `host`"),
    Mistake(text: "allow a «b» -> c", message: "expected `->`, found `b`"),
    Mistake(text: "allow a ->«»\nallow b -> c", message: "expected a peer, found end of line"),
    Mistake(text: "allow a ->«»", message: "expected a peer, found end of file"),
    Mistake(text: "allow a -> b «80»", message: "expected the end of the statement, found `80`"),
    Mistake(
      text: "allow a -> b tcp 80 «443»", message: "expected the end of the statement, found `443`",
      mended: "allow a -> b tcp 80, 443"),
    Mistake(
      text: "service a = «80»", message: "expected a protocol before the port, found `80`"),
    Mistake(
      text: "allow a -> «log»", message: "expected a peer, found `log`",
      notes: ["as a name, `log` is quoted"]),
    Mistake(
      text: "network «log» {}", message: "`log` is a word of the language; as a name it is quoted",
      mended: "network \"log\" {}", id: .nameReserved),
    Mistake(
      text: "network n {\n  icc on\n  bridge b«»", message: "expected `}`, found end of file",
      notes: ["this `{` is not closed"]),
    Mistake(
      text: "network n {\n  icc on\n  deny a -> b«»\nuplink e",
      message: "expected `}`, found end of line",
      notes: ["this `{` is not closed"]),
    Mistake(
      text: "on a {«»",
      message: "expected `}`, found end of file", notes: ["this `{` is not closed"]),
    Mistake(
      text: "network n«»\n  icc on\n}", message: "expected `{`, found end of line"),
    Mistake(
      text: "uplink e\n«}»\n", message: "expected a statement, found `}`",
      notes: ["no `{` is open here"]),
    Mistake(
      text: "«subnet» 10.0.0.0/8\nicc on\nuplink e",
      message: "expected a statement of the top level, found `subnet`",
      notes: ["`subnet` stands inside `network NAME { … }`"]),
    Mistake(
      text: "network n {\n  «uplink» e\n}",
      message: "expected a statement of a network, found `uplink`",
      notes: ["`uplink` stands at the top level", "the network begins here"]),
    Mistake(text: "include «etc»", message: "expected text in quotes, found `etc`"),
    Mistake(text: "include «\"etc»", message: "expected a closing `\"`, found end of line"),
    Mistake(
      text: "include \"a«\\»n\"",
      message: "expected `\\\"` or `\\\\` after a backslash in quoted text"),
    Mistake(
      text: "publish tcp «::1:80» -> a",
      message: "expected a port or a host address, found `::1:80`",
      notes: ["an IPv6 host address stands in brackets: `[fd00::1]:80`"]),
    Mistake(text: "publish tcp [::]«80» -> a", message: "expected `:` and a port, found `80`"),
    Mistake(
      text: "publish tcp 10.0.0.1:80, «10.0.0.2»:81 -> a",
      message: "expected a port, found `10.0.0.2`",
      notes: ["a line has one address, before its first port; another takes a line of its own"]),
    Mistake(
      text: "publish tcp 80, «[»::1]:81 -> a", message: "expected a port, found `[`",
      notes: ["a line has one address, before its first port; another takes a line of its own"]),
    Mistake(
      text: "publish «www» 80 -> a",
      message: "expected a protocol such as `tcp`, found `www`"),
    Mistake(
      text: "publish tcp 80 -> «10.0.0.1»",
      message: "expected the name of a container, found `10.0.0.1`"),
    Mistake(
      text: "network n { container w 10.0.0.1 mac «02»:42 }",
      message: "expected a MAC address such as `02:42:ac:11:00:02`, found `02`"),
    Mistake(
      text: "language «1.0»",
      message: "expected a version of the language such as `1`, found `1.0`"),
    Mistake(text: "expect «reject» a -> b", message: "expected `allow` or `deny`, found `reject`"),
    Mistake(text: "uplink e «é»", message: "expected the end of the statement, found `\\u{e9}`"),
    Mistake(text: "list a { b «c» }", message: "expected `,` or `}`, found `c`"),
    Mistake(text: "«»# nothing", message: "the file has no statement", id: .fileEmpty),
  ]

  @Test(arguments: mistakes)
  func aMistakeIsToldOnceAndExactly(_ mistake: Mistake) throws {
    let parts = mistake.text.components { $0 == "«" || $0 == "»" }
    let text = parts.joined()
    let (_, findings) = parsed(text)
    try #require(findings.count == 1, "\(findings)")
    let finding = findings[0]
    #expect(finding.id == mistake.id)
    #expect(finding.message == mistake.message)
    #expect(finding.notes.map(\.message) == mistake.notes)
    let start = UInt32(parts[0].utf8.count)
    #expect(
      finding.span == SourceSpan(file: 0, start: start, end: start + UInt32(parts[1].utf8.count)))
    #expect(mended(text, finding) == mistake.mended)
  }

  private func mended(_ text: String, _ finding: Diagnostic) -> String? {
    guard let edits = finding.fixIts.first?.edits else { return nil }
    var bytes = Array(text.utf8)
    for edit in edits.reversed() {
      let range = Int(edit.span.start)..<Int(edit.span.end)
      bytes.replaceSubrange(range, with: Array(edit.replacement.utf8))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func theUnclosedBraceIsPointedAt() {
    let (_, findings) = parsed("network n {\n  icc on\n")
    #expect(findings.first?.notes.first?.span == SourceSpan(file: 0, start: 10, end: 11))
  }
}

extension String {
  /// The pieces between the characters that fit.
  fileprivate func components(_ isSeparator: (Character) -> Bool) -> [String] {
    split(omittingEmptySubsequences: false, whereSeparator: isSeparator).map(String.init)
  }
}
