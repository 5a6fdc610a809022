package import Diagnostics

/// The tree of a file; it holds what could be read, and `log` says what could not.
///
/// Never fails, whatever the bytes. After a mistake reading goes on at the next keyword that begins
/// a statement, so one typo costs one statement.
/// - Complexity: O(bytes).
/// - Parameter half: the second half of the file, where another thread reads it meanwhile.
package func parse(
  _ source: SourceText, log: inout DiagnosticLog, beside half: SecondHalf? = nil
) -> SyntaxTree {
  var parser = Parser(source)
  parser.secondHalf = half
  let declarations = parser.file()
  log.add(contentsOf: parser.log)
  return SyntaxTree(source: source, declarations: declarations)
}

/// A statement cannot be read further; the reason has been reported.
struct SyntaxFailure: Error {}

/// A cursor over the tokens that are not trivia; they are read as they are needed.
struct Parser {
  let source: SourceText
  private var lexer: Lexer
  /// The token to read next.
  private(set) var current = Token(.endOfFile, start: 0, end: 0)
  /// The token that was read last; at the start of the file, an empty one.
  private(set) var previous = Token(.endOfFile, start: 0, end: 0)
  /// The bytes of white space before the current token where it is the first of its line.
  private(set) var indentation: UInt32?
  private(set) var log = DiagnosticLog()
  /// The place of the last syntax error: a second one there would tell nothing new.
  private var lastErrorStart: UInt32?
  /// What another thread reads, as long as this one has not come to its start.
  var secondHalf: SecondHalf?
  /// What it has read behind a network, as long as this one has not come there.
  var restOfSecondHalf: SecondHalf.Rest?

  /// So many syntax errors are told of one file; whoever shows them shows fewer.
  static let errorLimit = 100_000

  /// What messages call the end of the text.
  let end: String

  init(_ source: SourceText, end: String = "end of file") {
    self.source = source
    self.end = end
    lexer = Lexer(source.bytes)
    readToken(isFirst: true)
  }

  /// A cursor that stands on the first token at or after `offset`, where a line begins.
  init(_ source: SourceText, from offset: Int) {
    self.init(source)
    lexer.offset = offset
    readToken(isFirst: true)
  }

  /// Where a cursor stands.
  struct Position: Sendable {
    fileprivate let offset: Int
    fileprivate let current: Token
    fileprivate let previous: Token
    fileprivate let indentation: UInt32?
  }

  var position: Position {
    get {
      Position(
        offset: lexer.offset, current: current, previous: previous, indentation: indentation)
    }
    set {
      lexer.offset = newValue.offset
      current = newValue.current
      previous = newValue.previous
      indentation = newValue.indentation
    }
  }

  /// Moves past the current token; at the end of the file it stays.
  mutating func advance() {
    previous = current
    readToken(isFirst: false)
  }

  private mutating func readToken(isFirst: Bool) {
    var isFirst = isFirst
    // Space makes no tokens here: it would be every second one.
    var space = lexer.skipSpace()
    current = lexer.next()
    while current.kind.isTrivia {
      isFirst = true
      space = lexer.skipSpace()
      current = lexer.next()
    }
    indentation = isFirst || space.isNewLine ? UInt32(truncatingIfNeeded: space.blanks) : nil
  }

  /// The line of which the current token is the word `publish`, where it is plain; moves past it.
  mutating func takePlainPublish() -> PublishStatement? {
    let reader = PlainReader(source, lexer)
    guard let line = reader.publish(from: current.start, lexer.offset) else { return nil }
    previous = line.lastToken
    lexer.offset = Int(line.span.end)
    readToken(isFirst: false)
    return line
  }

  /// Appends the publishes from the current token, the word `publish`, on that are plain and have
  /// another publish below them, and moves to that: nothing is read as tokens in between. Stops where
  /// the second half begins.
  ///
  /// - Returns: whether there was one.
  mutating func takePlainPublishes(into statements: inout [Statement]) -> Bool {
    let reader = PlainReader(source, lexer)
    let stop = secondHalf?.start
    let count = statements.count
    var (word, blanks, last) = (current, indentation, previous)
    while statements.count != Self.manyStatements, word.start != stop,
      let line = reader.publish(from: word.start, Int(word.end)),
      let next = reader.publish(below: line.span.end)
    {
      last = line.lastToken
      statements.append(.publish(line))
      (word, blanks) = next
    }
    (current, indentation, previous) = (word, blanks, last)
    lexer.offset = Int(word.end)
    return statements.count > count
  }

  /// The tokens after the current one, trivia included.
  var lookahead: Lexer { lexer }

  /// The kind of the token after the current one.
  var following: TokenKind {
    var lookahead = lexer
    var token = lookahead.next()
    while token.kind.isTrivia { token = lookahead.next() }
    return token.kind
  }

  /// Where the token that was read last ends; 0 before the first.
  var previousEnd: UInt32 { previous.end }

  var atEnd: Bool {
    if case .endOfFile = current.kind { true } else { false }
  }

  /// The keyword that the current token is.
  var keyword: Keyword? {
    if case .keyword(let keyword) = current.kind { keyword } else { nil }
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

  /// Adds a diagnostic, unless the last was at the same place or the file has too many.
  mutating func report(_ diagnostic: Diagnostic) {
    if let start = diagnostic.span?.start, lastErrorStart == start { return }
    lastErrorStart = diagnostic.span?.start
    if log.count < Self.errorLimit {
      log.add(diagnostic)
    } else if log.count == Self.errorLimit {
      log.add(.tooManySyntaxErrors(after: Self.errorLimit, at: diagnostic.span))
      endEarly()
    }
  }

  /// Goes to the end of the file: what stands in between is not kept either, because millions of
  /// broken statements would take gigabytes.
  private mutating func endEarly() {
    lexer.offset = source.bytes.count
    current = lexer.next()
    indentation = nil
  }

  /// Whether no more errors are told, so that none need be made; the file is read no further then.
  var isMuted: Bool { log.count > Self.errorLimit }
}
