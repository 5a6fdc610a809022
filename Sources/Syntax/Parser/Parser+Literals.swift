import Diagnostics

/// Names, numbers, addresses and ports.
extension Parser {
  /// `NAME | "NAME"`
  mutating func name(_ wanted: String) throws(SyntaxFailure) -> Identifier {
    let token = current
    switch token.kind {
    case .identifier:
      advance()
      return Identifier(text(token), at: span(token))
    case .string:
      return try quoted()
    case .keyword(let keyword) where indentation == nil:
      throw fail(wanted, notes: [Note("as a name, `\(keyword.rawValue)` is quoted")])
    case .keyword, .unterminatedString, .integer, .integerRange, .ipv4Address, .ipv4Prefix,
      .ipv4Range, .ipv6Address, .ipv6Prefix, .ipv6Range, .macAddress, .leftBrace, .rightBrace,
      .leftBracket, .rightBracket, .comma, .colon, .slash, .equals, .arrow, .whitespace, .newline,
      .comment, .byteOrderMark, .unknown, .endOfFile:
      throw fail(wanted)
    }
  }

  /// The name that a declaration gives: a keyword on the same line is taken for one, and reported.
  mutating func declaredName(_ wanted: String) throws(SyntaxFailure) -> Identifier {
    guard let keyword, indentation == nil else { return try name(wanted) }
    let place = span(current)
    report(.reservedName(keyword, at: place))
    advance()
    return Identifier(keyword.rawValue, at: place)
  }

  /// Text in quotes, without them.
  mutating func quoted() throws(SyntaxFailure) -> Identifier {
    guard case .string = current.kind else { throw fail("text in quotes") }
    let token = current
    advance()
    var bytes = source.bytes[Int(token.start) + 1..<Int(token.end) - 1]
    if bytes.contains(UInt8(ascii: "\\")) { bytes = try unescaped(bytes)[...] }
    return Identifier(String(decoding: bytes, as: UTF8.self), at: span(token), isQuoted: true)
  }

  private mutating func unescaped(_ bytes: ArraySlice<UInt8>) throws(SyntaxFailure) -> [UInt8] {
    var result: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == UInt8(ascii: "\\") {
        // The lexer ends no string with a backslash, so a byte follows.
        index += 1
        guard bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "\\") else {
          let start = UInt32(index - 1)
          report(.unknownEscape(at: SourceSpan(file: source.file, start: start, end: start + 1)))
          throw SyntaxFailure()
        }
      }
      result.append(bytes[index])
      index += 1
    }
    return result
  }

  /// `INTEGER`
  mutating func number(_ wanted: String) throws(SyntaxFailure) -> Sourced<String> {
    guard case .integer = current.kind else { throw fail(wanted) }
    let token = current
    advance()
    return Sourced(text(token), at: span(token))
  }

  /// An address, prefix or range of either family.
  mutating func address(_ wanted: String) throws(SyntaxFailure) -> AddressSyntax {
    guard let form = current.kind.addressForm, form != .mac else { throw fail(wanted) }
    return takeAddress(form)
  }

  /// The current token as an address of `form`.
  mutating func takeAddress(_ form: AddressSyntax.Form) -> AddressSyntax {
    let token = current
    advance()
    return AddressSyntax(form, text(token), at: span(token))
  }

  /// `MAC`
  mutating func mac() throws(SyntaxFailure) -> AddressSyntax {
    guard case .macAddress = current.kind else {
      throw fail("a MAC address such as `02:42:ac:11:00:02`")
    }
    return takeAddress(.mac)
  }

  /// `INTEGER | INTEGER-INTEGER`
  mutating func port(_ wanted: String = "a port") throws(SyntaxFailure) -> PortSyntax {
    let token = current
    switch token.kind {
    case .integer:
      advance()
      let number = Self.number(in: source.bytes.span, token.start, token.end).value
      return PortSyntax(.port, number, number, at: span(token))
    case .integerRange:
      advance()
      let (lower, end) = Self.number(in: source.bytes.span, token.start, token.end)
      let upper = Self.number(in: source.bytes.span, end + 1, token.end).value
      return PortSyntax(.range, lower, upper, at: span(token))
    case .identifier, .keyword, .string, .unterminatedString, .ipv4Address, .ipv4Prefix,
      .ipv4Range, .ipv6Address, .ipv6Prefix, .ipv6Range, .macAddress, .leftBrace, .rightBrace,
      .leftBracket, .rightBracket, .comma, .colon, .slash, .equals, .arrow, .whitespace, .newline,
      .comment, .byteOrderMark, .unknown, .endOfFile:
      throw fail(wanted)
    }
  }

  /// The number that the digits from `start` on make, 1 000 000 at most, and where they end.
  private static func number(
    in bytes: borrowing Span<UInt8>, _ start: UInt32, _ limit: UInt32
  ) -> (value: UInt32, end: UInt32) {
    var value: UInt32 = 0
    var index = start
    while index < limit {
      let digit = bytes[Int(index)] &- UInt8(ascii: "0")
      if digit > 9 { break }
      value = min(value * 10 + UInt32(digit), 1_000_000)
      index += 1
    }
    return (value, index)
  }

  /// `on | off`
  mutating func toggle() throws(SyntaxFailure) -> Sourced<Bool> {
    let place = span(current)
    return Sourced(try expect(oneOf: [.on, .off]) == .on, at: place)
  }
}

extension TokenKind {
  /// What kind of address the token spells.
  var addressForm: AddressSyntax.Form? {
    switch self {
    case .ipv4Address: .ipv4Address
    case .ipv4Prefix: .ipv4Prefix
    case .ipv4Range: .ipv4Range
    case .ipv6Address: .ipv6Address
    case .ipv6Prefix: .ipv6Prefix
    case .ipv6Range: .ipv6Range
    case .macAddress: .mac
    case .identifier, .keyword, .string, .unterminatedString, .integer, .integerRange, .leftBrace,
      .rightBrace, .leftBracket, .rightBracket, .comma, .colon, .slash, .equals, .arrow,
      .whitespace, .newline, .comment, .byteOrderMark, .unknown, .endOfFile:
      nil
    }
  }
}
