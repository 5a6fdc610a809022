import Syntax

/// What stands between two pieces of a statement.
enum Gap {
  case none, space, twoSpaces
  /// A line end, and so many levels of indentation more than the statement has.
  case newline(Int)
  case blankLine(Int)
}

/// How one statement is spread over lines.
struct StatementLayout {
  private enum Mode {
    /// All on one line.
    case joined
    /// Every entry of the list on a line.
    case exploded
    /// Line ends where the author put them.
    case broken
  }

  /// The longest line that is made of several.
  private static let columns = 100
  private let mode: Mode

  init(_ statement: ArraySlice<Piece>, _ line: Line) {
    let hasComment = statement.contains { $0.token.kind == .comment }
    let fits = !hasComment && Self.width(statement) + line.depth * 4 <= Self.columns
    switch line.kind {
    case .list where !fits || Self.endsWithComma(statement): mode = .exploded
    case .list, .statement, .blockStart, .blockEnd, .verbatim: mode = fits ? .joined : .broken
    }
  }

  /// The gap between two pieces that follow each other in the statement.
  func gap(from left: Piece, to right: Piece) -> Gap {
    let left = left.token.kind
    if right.token.kind == .comment, right.newlines == 0 { return .twoSpaces }
    if left == .comment || right.token.kind == .comment { return lineEnd(left, right) }
    switch mode {
    case .joined: return Self.space(left, right.token.kind)
    case .broken:
      return right.newlines > 0 ? .newline(1) : Self.space(left, right.token.kind)
    case .exploded:
      let isEntry = left == .leftBrace || left == .comma || right.token.kind == .rightBrace
      return isEntry ? lineEnd(left, right) : Self.space(left, right.token.kind)
    }
  }

  private func lineEnd(_ left: TokenKind, _ right: Piece) -> Gap {
    if right.token.kind == .rightBrace { return .newline(0) }
    return mode == .exploded && right.isAfterBlank && left != .leftBrace
      ? .blankLine(1) : .newline(1)
  }

  /// The columns of the statement on one line.
  private static func width(_ statement: ArraySlice<Piece>) -> Int {
    var width = statement.first?.width ?? 0
    for index in statement.indices.dropFirst() {
      width += statement[index].width
      switch space(statement[index - 1].token.kind, statement[index].token.kind) {
      case .none: break
      case .space, .twoSpaces, .newline, .blankLine: width += 1
      }
    }
    return width
  }

  private static func endsWithComma(_ statement: ArraySlice<Piece>) -> Bool {
    let last = statement.dropLast().last { $0.token.kind != .comment }
    return last?.token.kind == .comma
  }

  /// The space between two tokens on a line.
  ///
  /// A colon and a slash are tight where they stand in statements without errors; elsewhere white
  /// space keeps the tokens apart that would be another one together.
  private static func space(_ left: TokenKind, _ right: TokenKind) -> Gap {
    switch (left, right) {
    case (_, .comma), (.leftBracket, _), (_, .rightBracket), (.leftBrace, .rightBrace),
      (.identifier, .colon), (.string, .colon), (.ipv4Address, .colon), (.rightBracket, .colon),
      (.colon, .integer), (.colon, .integerRange), (.colon, .keyword),
      (.keyword, .slash), (.integer, .slash), (.slash, .keyword), (.slash, .identifier),
      (.slash, .string):
      .none
    default: .space
    }
  }
}
