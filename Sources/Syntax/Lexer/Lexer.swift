package import Diagnostics

/// The tokens of a file; concatenated they are its bytes, and the last is `endOfFile`.
///
/// Never fails: what starts no token becomes `unknown`. No token needs to know its neighbors.
/// - Complexity: O(bytes).
package func tokenize(_ source: SourceText) -> [Token] {
  var lexer = Lexer(source.bytes)
  return lexer.tokens()
}

/// A cursor over the bytes of a file.
struct Lexer {
  let bytes: [UInt8]
  let classes = ByteClasses()
  let keywords = KeywordTable()
  /// Where the token that is being read starts.
  var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the file from its start.
  mutating func tokens() -> [Token] {
    var tokens: [Token] = []
    // A typical line has a token for every three bytes.
    tokens.reserveCapacity(bytes.count / 3 + 16)
    repeat { tokens.append(next()) } while offset < bytes.count
    if let last = tokens.last, last.kind != .endOfFile { tokens.append(next()) }
    return tokens
  }

  /// Reads one token and moves past it; at the end of the file, `endOfFile` again and again.
  mutating func next() -> Token {
    let start = UInt32(truncatingIfNeeded: offset)
    let kind = kind()
    return Token(kind, start: start, end: UInt32(truncatingIfNeeded: offset))
  }

  @inline(__always)
  private mutating func kind() -> TokenKind {
    guard offset < bytes.count else { return .endOfFile }
    let byte = bytes[offset]
    let byteClass = classes[byte]
    if byteClass & ByteClass.word != 0 { return word() }
    if byteClass == ByteClass.other { return other(byte) }
    if byte == UInt8(ascii: "\r"), peek(1) == UInt8(ascii: "\n") { return take(2, .newline) }
    return unknown()
  }

  @inline(__always)
  private mutating func other(_ byte: UInt8) -> TokenKind {
    switch byte {
    case UInt8(ascii: "\n"): take(1, .newline)
    case UInt8(ascii: "#"): comment()
    case UInt8(ascii: "\""): string()
    case UInt8(ascii: "{"): take(1, .leftBrace)
    case UInt8(ascii: "}"): take(1, .rightBrace)
    case UInt8(ascii: "["): take(1, .leftBracket)
    case UInt8(ascii: "]"): take(1, .rightBracket)
    case UInt8(ascii: ","): take(1, .comma)
    case UInt8(ascii: "/"): take(1, .slash)
    case UInt8(ascii: "="): take(1, .equals)
    default: whitespace()
    }
  }

  /// The byte `distance` further on; 0 past the end.
  func peek(_ distance: Int) -> UInt8 {
    offset + distance < bytes.count ? bytes[offset + distance] : 0
  }

  mutating func take(_ count: Int, _ kind: TokenKind) -> TokenKind {
    offset += count
    return kind
  }

  private mutating func whitespace() -> TokenKind {
    offset = endOfBlanks
    return .whitespace
  }

  /// Moves past spaces, tabs and line feeds.
  ///
  /// - Returns: how many spaces and tabs follow the last line feed, and whether there was one.
  @inline(__always)
  mutating func skipSpace() -> (blanks: Int, isNewLine: Bool) {
    var start = offset
    var isNewLine = false
    while true {
      offset = endOfBlanks
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\n") else { break }
      offset += 1
      start = offset
      isNewLine = true
    }
    return (offset - start, isNewLine)
  }

  /// Where the spaces and tabs from here on end.
  @inline(__always)
  private var endOfBlanks: Int {
    let bytes = bytes.span
    var index = offset
    while index < bytes.count,
      bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t")
    { index &+= 1 }
    return index
  }

  private mutating func comment() -> TokenKind {
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
    if offset < bytes.count, bytes[offset - 1] == UInt8(ascii: "\r") { offset -= 1 }
    return .comment
  }

  private mutating func string() -> TokenKind {
    offset += 1
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: "\""): return take(1, .string)
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return .unterminatedString
      case UInt8(ascii: "\\"):
        let escaped = peek(1)
        offset += escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\") ? 2 : 1
      default: offset += 1
      }
    }
    return .unterminatedString
  }

  /// Everything up to the next byte that may start a token is one token, so that a file of rubbish
  /// gives few.
  private mutating func unknown() -> TokenKind {
    if offset == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return take(3, .byteOrderMark) }
    repeat {
      offset += 1
    } while offset < bytes.count && classes[bytes[offset]] == 0
      && !(bytes[offset] == UInt8(ascii: "\r") && peek(1) == UInt8(ascii: "\n"))
    return .unknown
  }
}
