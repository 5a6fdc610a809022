import Diagnostics
import Syntax

/// A token that is written: all but white space and line ends.
struct Piece {
  let token: Token
  /// Where its text ends; white space at the end of a comment is left out.
  let end: UInt32
  /// The number of line ends between the piece before and this one.
  let newlines: Int

  /// Whether a blank line stands before the piece.
  var isAfterBlank: Bool { newlines > 1 }

  /// Whether it is no token of the language, so that its neighbors must stay where they are.
  var isGarbage: Bool { token.kind == .unknown || token.kind == .unterminatedString }

  /// The columns that it takes.
  let width: Int

  /// The pieces of a file, in order.
  static func pieces(of tree: SyntaxTree) -> [Piece] {
    var pieces: [Piece] = []
    var newlines = 0
    for token in tree.tokens {
      switch token.kind {
      case .newline: newlines += 1
      case .whitespace, .byteOrderMark, .endOfFile: break
      case .identifier, .keyword, .string, .unterminatedString, .integer, .integerRange,
        .ipv4Address, .ipv4Prefix, .ipv4Range, .ipv6Address, .ipv6Prefix, .ipv6Range, .macAddress,
        .leftBrace, .rightBrace, .leftBracket, .rightBracket, .comma, .colon, .slash, .equals,
        .arrow, .comment, .unknown:
        pieces.append(Piece(token, newlines: newlines, tree.source.bytes))
        newlines = 0
      }
    }
    return pieces
  }

  private init(_ token: Token, newlines: Int, _ bytes: [UInt8]) {
    var end = Int(token.end)
    if case .comment = token.kind {
      while Self.isBlank(bytes[end - 1]) { end -= 1 }
    }
    self.token = token
    self.end = UInt32(end)
    self.newlines = newlines
    // A byte 10xxxxxx goes on with a character.
    width = bytes[Int(token.start)..<end].count { $0 & 0xC0 != 0x80 }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}
