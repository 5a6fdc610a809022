import Diagnostics
import PolicyTestSupport
import Syntax
import Testing

/// One typo costs one statement.
struct RecoveryTests {
  @Test(arguments: SamplePolicy.all)
  func aMissingTokenCostsLittle(_ text: String) {
    let file = source(text)
    let whole = statementCount(parsed(file).tree.declarations)
    for token in tokenize(file) where !token.kind.isTrivia && token.kind != .endOfFile {
      var bytes = file.bytes
      bytes.removeSubrange(Int(token.start)..<Int(token.end))
      let (tree, all) = parsed(source(bytes))
      let findings = all.filter { $0.id != .settingDuplicate }
      let place = file.text(SourceSpan(file: 0, start: token.start, end: token.end))
      #expect(
        findings.count <= 2, "without `\(place)` at \(token.start): \(findings.map(\.message))")
      let isBrace = token.kind == .leftBrace || token.kind == .rightBrace
      let isHeader = [.keyword(.network), .keyword(.on), .keyword(.list)].contains(token.kind)
      guard !isBrace, !isHeader, !isBlockHeader(file, Int(token.start)) else { continue }
      let loss = whole - statementCount(tree.declarations)
      #expect(loss <= 1, "without `\(place)` at \(token.start)")
    }
  }

  @Test(arguments: SamplePolicy.all)
  func aStrayTokenCostsLittle(_ text: String) {
    let file = source(text)
    let whole = statementCount(parsed(file).tree.declarations)
    for stray in ["->", ",", "80", "}", "{", "xyzzy", "\"", "é", "tcp"] {
      for token in tokenize(file) where !token.kind.isTrivia {
        var bytes = file.bytes
        bytes.insert(contentsOf: Array(" \(stray) ".utf8), at: Int(token.start))
        let (tree, findings) = parsed(source(bytes))
        #expect(
          findings.count <= 3, "`\(stray)` at \(token.start): \(findings.map(\.message))")
        guard stray != "}", stray != "{" else { continue }
        let loss = whole - statementCount(tree.declarations)
        #expect(loss <= 2 || isBlockHeader(file, Int(token.start)), "`\(stray)` at \(token.start)")
      }
    }
  }

  /// Whether the place is in a line that opens a block of statements: with it the block is lost.
  private func isBlockHeader(_ file: SourceText, _ offset: Int) -> Bool {
    let text = String(decoding: file.bytes, as: UTF8.self)
    let before = text.utf8.prefix(offset).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let line = text.split(separator: "\n", omittingEmptySubsequences: false)[before.count - 1]
    return line.contains("network ") || line.contains("on edge1")
  }

  /// Twenty mistakes in a file give twenty messages.
  @Test func everyMistakeIsTold() {
    let text = String(repeating: "allow a b\nallow a -> b tcp 80\nuplink {\n", count: 10)
    let (tree, findings) = parsed(text)
    #expect(findings.count == 20)
    #expect(statementCount(tree.declarations) == 10)
  }

  @Test func misspelledStatementsAreReadAllTheSame() throws {
    for text in SamplePolicy.all {
      let file = source(text)
      for token in tokenize(file) where startsLine(token, file) {
        // Before a verb, a misspelled `default` or `expect` reads as the service of the line above.
        guard case .keyword(let keyword) = token.kind, keyword.rawValue.utf8.count > 4,
          ![.default, .expect].contains(keyword)
        else { continue }
        var bytes = file.bytes
        bytes.remove(at: Int(token.start) + 2)
        let (tree, findings) = parsed(source(bytes))
        #expect(findings.count == 1, "`\(keyword.rawValue)`: \(findings.map(\.message))")
        let edit = try #require(findings.first?.fixIts.first?.edits.first)
        #expect(edit.replacement == keyword.rawValue)
        let range = Int(edit.span.start)..<Int(edit.span.end)
        bytes.replaceSubrange(range, with: Array(edit.replacement.utf8))
        #expect(bytes == file.bytes)
        #expect(
          statementCount(tree.declarations) == statementCount(parsed(file).tree.declarations))
      }
    }
  }

  private func startsLine(_ token: Token, _ file: SourceText) -> Bool {
    let before = file.bytes[..<Int(token.start)].last { $0 != UInt8(ascii: " ") }
    return before == nil || before == UInt8(ascii: "\n")
  }

  /// The statements that could be read, those in blocks included.
  private func statementCount(_ declarations: [Declaration]) -> Int {
    declarations.reduce(0) { count, declaration in
      switch declaration {
      case .malformed: count
      case .network(let network): count + 1 + network.statements.filter { !isMalformed($0) }.count
      case .on(_, let inner, _): count + 1 + statementCount(inner)
      case .language, .include, .uplink, .list, .service, .access, .default, .expect, .publish,
        .logDenied, .sysctl, .mssClamp:
        count + 1
      }
    }
  }

  private func isMalformed(_ statement: Statement) -> Bool {
    if case .malformed = statement { true } else { false }
  }
}
