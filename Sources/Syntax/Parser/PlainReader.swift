import Diagnostics

/// Reads lines such as nearly all publishes are: `publish tcp 8080 -> web` or
/// `publish tcp 8080 -> web:80`, with blanks between their words and a blank or the line's end behind
/// them.
///
/// Of a hundred thousand such lines each would be ten tokens that are looked at one by one. Whatever
/// is written otherwise is no plain line, and is read as tokens.
struct PlainReader {
  private let bytes: [UInt8]
  private let classes: [UInt8]
  private let keywords: KeywordTable
  private let file: UInt32

  init(_ source: SourceText, _ lexer: Lexer) {
    bytes = source.bytes
    classes = lexer.classes.table
    keywords = lexer.keywords
    file = source.file
  }

  /// The line whose word `publish` is at `start` and ends at `offset`, if it is plain.
  @inline(__always)
  func publish(from start: UInt32, _ offset: Int) -> PublishStatement? {
    let bytes = bytes.span
    var end = offset
    guard Self.skipBlanks(bytes, &end), let transport = Self.transport(bytes, end) else {
      return nil
    }
    let word = end..<end &+ 3
    end &+= 3
    guard Self.skipBlanks(bytes, &end), let outside = Self.port(bytes, &end),
      Self.skipBlanks(bytes, &end), Self.skip(UInt8(ascii: "-"), bytes, &end),
      Self.skip(UInt8(ascii: ">"), bytes, &end)
    else { return nil }
    _ = Self.skipBlanks(bytes, &end)
    let first = end
    guard let name = name(bytes, &end) else { return nil }
    let target = first..<end
    var inside: PortNumbers?
    if Self.skip(UInt8(ascii: ":"), bytes, &end) {
      inside = Self.port(bytes, &end)
      guard inside != nil else { return nil }
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "\n") || Self.isBlank(bytes[end]) else {
      return nil
    }
    return PublishStatement(
      transport, at: word, outside, to: name, at: target, inside, from: start, in: file)
  }

  /// The word `publish` where a line that ends at `offset` has it below, with a blank after it; and
  /// the blanks before it.
  @inline(__always)
  func publish(below offset: UInt32) -> (word: Token, blanks: UInt32)? {
    let bytes = bytes.span
    var end = Int(offset)
    _ = Self.skipBlanks(bytes, &end)
    guard Self.skip(UInt8(ascii: "\n"), bytes, &end) else { return nil }
    let line = end
    _ = Self.skipBlanks(bytes, &end)
    guard end &+ 8 <= bytes.count, Self.isBlank(bytes[end &+ 7]),
      bytes[end] == UInt8(ascii: "p"), bytes[end &+ 1] == UInt8(ascii: "u"),
      bytes[end &+ 2] == UInt8(ascii: "b"), bytes[end &+ 3] == UInt8(ascii: "l"),
      bytes[end &+ 4] == UInt8(ascii: "i"), bytes[end &+ 5] == UInt8(ascii: "s"),
      bytes[end &+ 6] == UInt8(ascii: "h")
    else { return nil }
    let word = Token(
      .keyword(.publish), start: UInt32(truncatingIfNeeded: end),
      end: UInt32(truncatingIfNeeded: end &+ 7))
    return (word, UInt32(truncatingIfNeeded: end &- line))
  }

  /// `tcp` or `udp`; that the word ends there is seen by the blank that must follow.
  @inline(__always)
  private static func transport(_ bytes: borrowing Span<UInt8>, _ start: Int) -> Keyword? {
    guard start &+ 3 <= bytes.count, bytes[start &+ 2] == UInt8(ascii: "p") else { return nil }
    let (first, second) = (bytes[start], bytes[start &+ 1])
    if first == UInt8(ascii: "t"), second == UInt8(ascii: "c") { return .tcp }
    return first == UInt8(ascii: "u") && second == UInt8(ascii: "d") ? .udp : nil
  }

  /// One to five digits; that the number ends there is seen by what must follow.
  @inline(__always)
  private static func port(_ bytes: borrowing Span<UInt8>, _ end: inout Int) -> PortNumbers? {
    let start = end
    let limit = min(start &+ 5, bytes.count)
    var value: UInt32 = 0
    while end < limit {
      let digit = bytes[end] &- UInt8(ascii: "0")
      if digit > 9 { break }
      value = value &* 10 &+ UInt32(digit)
      end &+= 1
    }
    return end > start ? PortNumbers(value, at: start..<end) : nil
  }

  /// A short name of letters, digits and hyphens with a letter among them, which is no keyword.
  @inline(__always)
  private func name(_ bytes: borrowing Span<UInt8>, _ end: inout Int) -> ShortName? {
    let classes = classes.span
    let start = end
    var seen: UInt8 = 0
    while end < bytes.count {
      let byteClass = classes[Int(bytes[end])]
      if byteClass & (ByteClass.letter | ByteClass.digit | ByteClass.hyphen) == 0 { break }
      seen |= byteClass
      end &+= 1
    }
    guard seen & ByteClass.letter != 0, bytes[start] != UInt8(ascii: "-"),
      keywords.find(bytes, start..<end, seen) == nil
    else { return nil }
    return ShortName(bytes, start..<end)
  }

  /// Whether there is a blank; moves past it and those after it.
  @inline(__always)
  private static func skipBlanks(_ bytes: borrowing Span<UInt8>, _ end: inout Int) -> Bool {
    let start = end
    while end < bytes.count, isBlank(bytes[end]) { end &+= 1 }
    return end > start
  }

  /// Whether `byte` is there; moves past it.
  @inline(__always)
  private static func skip(
    _ byte: UInt8, _ bytes: borrowing Span<UInt8>, _ end: inout Int
  ) -> Bool {
    guard end < bytes.count, bytes[end] == byte else { return false }
    end &+= 1
    return true
  }

  @inline(__always)
  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
