/// What a token is; white space and comments are tokens too, so that tokens cover the file.
package enum TokenKind: Hashable, Sendable {
  /// A name: letters, digits, `_`, `-` and `.`, not a keyword.
  case identifier
  case keyword(Keyword)
  /// A quoted name or text with its quotes.
  case string
  /// A string without its closing quote.
  case unterminatedString
  case integer
  /// Two integers with `-` between them.
  case integerRange
  case ipv4Address
  case ipv4Prefix
  case ipv4Range
  case ipv6Address
  case ipv6Prefix
  case ipv6Range
  case macAddress
  case leftBrace
  case rightBrace
  case leftBracket
  case rightBracket
  case comma
  case colon
  case slash
  case equals
  case arrow
  case whitespace
  case newline
  case comment
  /// The byte order mark at the start of a file.
  case byteOrderMark
  /// Bytes that start no token.
  case unknown
  case endOfFile

  /// Whether the parser passes over it.
  package var isTrivia: Bool {
    switch self {
    case .whitespace, .newline, .comment, .byteOrderMark: true
    case .identifier, .keyword, .string, .unterminatedString, .integer, .integerRange,
      .ipv4Address, .ipv4Prefix, .ipv4Range, .ipv6Address, .ipv6Prefix, .ipv6Range, .macAddress,
      .leftBrace, .rightBrace, .leftBracket, .rightBracket, .comma, .colon, .slash, .equals,
      .arrow, .unknown, .endOfFile:
      false
    }
  }
}
