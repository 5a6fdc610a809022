import Diagnostics

/// Where a statement stands.
enum StatementPlace {
  case topLevel, network

  /// The keywords that begin a statement here, in the order of their declaration.
  var keywords: [Keyword] {
    Keyword.allCases.filter { keyword in
      switch keyword.role {
      case .declaration: self == .topLevel
      case .statement: self == .network
      case .shared: true
      case .clause, .transport, .word: false
      }
    }
  }
}

/// Going on after a mistake.
extension Parser {
  /// The keyword that begins the statement here; a misspelled one is reported and put right.
  mutating func statementKeyword(at place: StatementPlace) -> Keyword? {
    if let keyword, keyword.startsStatement { return keyword }
    if isMuted { return nil }
    if case .identifier = current.kind, let meant = misspelledStart(at: place) {
      report(.misspelled(meant, found: excerpt(current), at: span(current)))
      return meant
    }
    reportUnexpected()
    return nil
  }

  /// The keyword that the current word was meant to be; on the line of another statement it may
  /// also be a clause's.
  private func misspelledStart(at place: StatementPlace) -> Keyword? {
    var candidates = place.keywords
    if indentation == nil {
      candidates += [.from, .except, .via, .limit, .connections]
    }
    return Spelling.nearest(to: text(current), among: candidates)
  }

  /// Reports a token that begins no statement.
  private mutating func reportUnexpected() {
    guard case .unterminatedString = current.kind else {
      let isAfterStatement = previousEnd > 0 && indentation == nil && !followsBrace
      report(
        .expected(
          isAfterStatement ? "the end of the statement" : "a statement", found: excerpt(current),
          at: span(current), fixIts: missingComma))
      return
    }
    report(.unterminatedString(at: span(current)))
  }

  private var followsBrace: Bool {
    let before = source.bytes[Int(previousEnd) - 1]
    return before == UInt8(ascii: "{") || before == UInt8(ascii: "}")
  }

  /// Between two numbers or two addresses on a line only a comma can be missing.
  private var missingComma: [FixIt] {
    guard indentation == nil, previousEnd < current.start, current.kind.isListed,
      previous.kind.isListed
    else { return [] }
    return [.insert(",", after: span(previous))]
  }

  /// Skips the rest of a statement that was given up, and returns its place.
  ///
  /// - Parameter start: The offset of its first token, which is skipped if nothing else was read.
  mutating func recover(from start: UInt32) -> SourceSpan {
    if current.start == start { advance() }
    skipRest()
    return span(from: start)
  }

  /// Skips a statement whose first token makes no sense here.
  mutating func skipStatement() -> SourceSpan {
    recover(from: current.start)
  }

  /// Skips to the next keyword that begins a statement, or to a closing brace; a block on the way is
  /// skipped as a whole.
  private mutating func skipRest() {
    var depth = 0
    while !atEnd {
      switch current.kind {
      case .leftBrace:
        if opensBlock { depth += 1 }
      case .rightBrace:
        guard depth > 0 else { return }
        depth -= 1
      case .keyword(let keyword):
        if depth == 0 ? isRestart(keyword) : isFarLeft(keyword) { return }
      case .identifier, .string, .unterminatedString, .integer, .integerRange, .ipv4Address,
        .ipv4Prefix, .ipv4Range, .ipv6Address, .ipv6Prefix, .ipv6Range, .macAddress, .leftBracket,
        .rightBracket, .comma, .colon, .slash, .equals, .arrow, .whitespace, .newline, .comment,
        .byteOrderMark, .unknown, .endOfFile:
        break
      }
      advance()
    }
  }

  /// Skips past the brace that closes a list, or to a keyword that begins a statement's line.
  mutating func skipToClosingBrace() {
    while !atEnd, !accept(.rightBrace) {
      if let keyword, keyword.startsStatement, indentation != nil { return }
      advance()
    }
  }

  /// Whether a statement begins with this keyword; those that also stand inside statements count at
  /// the start of a line only.
  private func isRestart(_ keyword: Keyword) -> Bool {
    guard keyword.startsStatement else { return false }
    let isAmbiguous = [.on, .log, .allow, .deny, .reject, .bridge].contains(keyword)
    return !isAmbiguous || indentation != nil
  }

  /// Whether a statement of the top level begins in the first column: no block reaches beyond it.
  private func isFarLeft(_ keyword: Keyword) -> Bool {
    switch keyword.role {
    case .declaration, .shared: indentation == 0
    case .statement, .clause, .transport, .word: false
    }
  }

  /// Whether the brace here opens a block, and is not a stray one inside a line: it ends its line, or
  /// is closed on it.
  private var opensBlock: Bool {
    var lookahead = lookahead
    for _ in 0..<64 {
      switch lookahead.next().kind {
      case .newline, .rightBrace: return true
      case .leftBrace, .endOfFile: return false
      case .comment, .whitespace: continue
      case .identifier, .keyword, .string, .unterminatedString, .integer, .integerRange,
        .ipv4Address, .ipv4Prefix, .ipv4Range, .ipv6Address, .ipv6Prefix, .ipv6Range, .macAddress,
        .leftBracket, .rightBracket, .comma, .colon, .slash, .equals, .arrow, .byteOrderMark,
        .unknown:
        continue
      }
    }
    return false
  }

  /// Skips braces that close nothing, and returns their place; those in a row are one mistake.
  mutating func skipClosingBraces(isReported: Bool) -> SourceSpan {
    let start = current.start
    if isReported { report(.unopened(at: span(current))) }
    while accept(.rightBrace) {}
    return span(from: start)
  }
}

extension TokenKind {
  /// Whether commas join tokens of this kind, and nothing else does.
  var isListed: Bool {
    switch self {
    case .integer, .integerRange: true
    case .ipv4Address, .ipv4Prefix, .ipv4Range, .ipv6Address, .ipv6Prefix, .ipv6Range: true
    case .identifier, .keyword, .string, .unterminatedString, .macAddress, .leftBrace, .rightBrace,
      .leftBracket, .rightBracket, .comma, .colon, .slash, .equals, .arrow, .whitespace, .newline,
      .comment, .byteOrderMark, .unknown, .endOfFile:
      false
    }
  }
}
