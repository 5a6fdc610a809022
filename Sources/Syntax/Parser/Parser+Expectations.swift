import Diagnostics

/// Demanding a token, and saying what stands there instead.
extension Parser {
  /// Whether the current token is of `kind`; moves past it if so.
  mutating func accept(_ kind: TokenKind) -> Bool {
    guard current.kind == kind else { return false }
    advance()
    return true
  }

  mutating func accept(_ word: Keyword) -> Bool { accept(.keyword(word)) }

  /// Moves past a token of `kind`, which `wanted` describes.
  mutating func expect(_ kind: TokenKind, _ wanted: String) throws(SyntaxFailure) {
    guard accept(kind) else { throw fail(wanted) }
  }

  /// Moves past `word`, or past a word that is nearly it.
  mutating func expect(_ word: Keyword) throws(SyntaxFailure) {
    _ = try expect(oneOf: [word])
  }

  /// Moves past one of `words`, or past a word that is nearly one, and returns which.
  mutating func expect(oneOf words: [Keyword]) throws(SyntaxFailure) -> Keyword {
    if let keyword, words.contains(keyword) {
      advance()
      return keyword
    }
    if let meant = misspelled(among: words) {
      report(.misspelled(meant, found: foundDescription, at: foundSpan))
      advance()
      return meant
    }
    let wanted = words.map { "`\($0.rawValue)`" }
    throw fail(Self.alternatives(wanted))
  }

  /// The keyword of `words` that the current identifier nearly is.
  func misspelled(among words: [Keyword]) -> Keyword? {
    guard case .identifier = current.kind, indentation == nil, !isMuted else { return nil }
    return Spelling.nearest(to: text(current), among: words)
  }

  /// Reports that `wanted` is missing here.
  mutating func fail(
    _ wanted: String, notes: [Note] = [], fixIts: [FixIt] = []
  ) -> SyntaxFailure {
    if isMuted { return SyntaxFailure() }
    if case .unterminatedString = current.kind {
      report(.unterminatedString(at: span(current)))
    } else {
      report(
        .expected(wanted, found: foundDescription, at: foundSpan, notes: notes, fixIts: fixIts))
    }
    return SyntaxFailure()
  }

  /// Where the current token is missed: where it stands or, if that is another line, where the
  /// statement breaks off.
  var foundSpan: SourceSpan {
    if previousEnd > 0, atEnd || indentation != nil {
      return SourceSpan(file: source.file, start: previousEnd, end: previousEnd)
    }
    return span(current)
  }

  /// The current token, for the end of a sentence.
  var foundDescription: String {
    if atEnd { return end }
    if previousEnd > 0, indentation != nil { return "end of line" }
    return excerpt(current)
  }

  /// The text of a token in backquotes, short and without characters that would do harm in a
  /// terminal.
  func excerpt(_ token: Token) -> String {
    let limit = 40
    let end = min(Int(token.end), Int(token.start) + limit)
    var result = ""
    let text = String(decoding: source.bytes[Int(token.start)..<end], as: UTF8.self)
    for scalar in text.unicodeScalars {
      let isPlain = scalar.value >= 0x20 && scalar.value < 0x7F
      result += isPlain ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }
    return "`\(result)\(end < Int(token.end) ? "…" : "")`"
  }

  /// `a`, `b` or `c`.
  static func alternatives(_ items: [String]) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " or " + last
  }
}
