package import Diagnostics

/// The tree of a file; it holds what could be read, and `log` says what could not.
///
/// Never fails, whatever the bytes. After a mistake reading goes on at the next keyword that begins
/// a statement, so one typo costs one statement.
/// - Complexity: O(bytes).
package func parse(_ source: SourceText, log: inout DiagnosticLog) -> SyntaxTree {
  var parser = Parser(source)
  let declarations = parser.file()
  log.add(contentsOf: parser.log)
  return SyntaxTree(source: source, tokens: parser.tokens, declarations: declarations)
}

/// A statement cannot be read further; the reason has been reported.
struct SyntaxFailure: Error {}

/// A cursor over the tokens that are not trivia.
struct Parser {
  let source: SourceText
  let tokens: [Token]
  /// The index of ``current`` in ``tokens``.
  private(set) var index = 0
  /// The token to read next.
  private(set) var current: Token
  /// Where the token that was read last ends.
  private(set) var previousEnd: UInt32 = 0
  private(set) var log = DiagnosticLog()
  /// The place of the last syntax error: a second one there would tell nothing new.
  private var lastErrorStart: UInt32?

  /// So many syntax errors are told of one file; whoever shows them shows fewer.
  static let errorLimit = 100_000

  init(_ source: SourceText) {
    self.source = source
    tokens = tokenize(source)
    current = tokens[0]
    skipTrivia()
  }

  private mutating func skipTrivia() {
    while tokens[index].kind.isTrivia { index += 1 }
    current = tokens[index]
  }

  /// Moves past the current token; at the end of the file it stays.
  mutating func advance() {
    previousEnd = current.end
    if case .endOfFile = current.kind { return }
    index += 1
    skipTrivia()
  }

  /// The kind of the token after the current one.
  var following: TokenKind {
    var next = min(index + 1, tokens.count - 1)
    while tokens[next].kind.isTrivia { next += 1 }
    return tokens[next].kind
  }

  var atEnd: Bool {
    if case .endOfFile = current.kind { true } else { false }
  }

  /// The keyword that the current token is.
  var keyword: Keyword? {
    if case .keyword(let keyword) = current.kind { keyword } else { nil }
  }

  /// The white space before the current token where it is the first of its line.
  var indentation: UInt32? {
    guard index > 0 else { return 0 }
    let before = tokens[index - 1]
    switch before.kind {
    case .newline, .byteOrderMark: return 0
    case .whitespace:
      guard index > 1 else { return before.end }
      let isFirst = tokens[index - 2].kind == .newline
      return isFirst ? before.end - before.start : nil
    case .identifier, .keyword, .string, .unterminatedString, .integer, .integerRange,
      .ipv4Address, .ipv4Prefix, .ipv4Range, .ipv6Address, .ipv6Prefix, .ipv6Range, .macAddress,
      .leftBrace, .rightBrace, .leftBracket, .rightBracket, .comma, .colon, .slash, .equals,
      .arrow, .comment, .unknown, .endOfFile:
      return nil
    }
  }

  /// The place of a token.
  func span(_ token: Token) -> SourceSpan {
    SourceSpan(file: source.file, start: token.start, end: token.end)
  }

  /// From `start` to the end of the token that was read last.
  func span(from start: UInt32) -> SourceSpan {
    SourceSpan(file: source.file, start: start, end: max(start, previousEnd))
  }

  func text(_ token: Token) -> String {
    String(decoding: source.bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
  }

  /// Adds a diagnostic, unless one at the same place was the last or the file has too many.
  mutating func report(_ diagnostic: Diagnostic) {
    if let start = diagnostic.span?.start, lastErrorStart == start { return }
    lastErrorStart = diagnostic.span?.start
    if log.count < Self.errorLimit {
      log.add(diagnostic)
    } else if log.count == Self.errorLimit {
      log.add(.tooManySyntaxErrors(after: Self.errorLimit, at: diagnostic.span))
    }
  }
}
