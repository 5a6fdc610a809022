/// Names, keywords, numbers, addresses, and the colon and the arrow, which are made of their bytes.
///
/// A run of word bytes with two colons or more is an IPv6 or MAC address; one colon stands between
/// two words. So no context is needed to read `db:80`, `10.0.0.1:80` and `[fd00::2]:80`.
extension Lexer {
  mutating func word() -> TokenKind {
    if isArrow(offset) { return take(2, .arrow) }
    let start = offset
    var end = start
    var seen: UInt8 = 0
    var seenBeforeColon: UInt8 = 0
    var firstColon = start
    var colons = 0
    while end < bytes.count {
      let byteClass = classes[bytes[end]]
      if byteClass & ByteClass.word == 0 { break }
      if byteClass == ByteClass.hyphen, isArrow(end) { break }
      if byteClass == ByteClass.colon {
        if colons == 0 { (firstColon, seenBeforeColon) = (end, seen) }
        colons += 1
      }
      seen |= byteClass
      end += 1
    }
    switch colons {
    case 0: return plainWord(end: end, seen)
    case 1 where firstColon == start: return take(1, .colon)
    case 1: return plainWord(end: firstColon, seenBeforeColon)
    default: return colonAddress(end: end, seen)
    }
  }

  private func isArrow(_ index: Int) -> Bool {
    bytes[index] == UInt8(ascii: "-") && index + 1 < bytes.count
      && bytes[index + 1] == UInt8(ascii: ">")
  }

  /// A word without colons, of the classes `seen`.
  private mutating func plainWord(end: Int, _ seen: UInt8) -> TokenKind {
    let start = offset
    let startsName = classes[bytes[start]] & (ByteClass.letter | ByteClass.digit) != 0
    offset = end
    guard startsName else { return .unknown }
    if seen & ByteClass.letter != 0 {
      guard seen & ByteClass.dot == 0 else { return .identifier }
      return keywords.find(bytes, start..<end).map(TokenKind.keyword) ?? .identifier
    }
    guard seen & ByteClass.hyphen == 0 else {
      guard isRange(start..<end) else { return .identifier }
      return seen & ByteClass.dot == 0 ? .integerRange : .ipv4Range
    }
    guard seen & ByteClass.dot != 0 else { return .integer }
    return prefixLength(ByteClass.digit | ByteClass.dot) ? .ipv4Prefix : .ipv4Address
  }

  /// Whether exactly one hyphen stands between two texts that start with a digit.
  private func isRange(_ word: Range<Int>) -> Bool {
    let hyphens = word.filter { bytes[$0] == UInt8(ascii: "-") }
    guard hyphens.count == 1, hyphens[0] + 1 < word.upperBound else { return false }
    return classes[bytes[hyphens[0] + 1]] == ByteClass.digit
  }

  /// Text with two colons or more: whether it is a valid address is not judged here.
  private mutating func colonAddress(end: Int, _ seen: UInt8) -> TokenKind {
    let start = offset
    offset = end
    if isMAC(start..<end) { return .macAddress }
    if seen & ByteClass.hyphen != 0 { return .ipv6Range }
    return prefixLength(ByteClass.digit) ? .ipv6Prefix : .ipv6Address
  }

  /// Whether the text is six groups of two hexadecimal digits.
  private func isMAC(_ word: Range<Int>) -> Bool {
    guard word.count == 17 else { return false }
    for (position, index) in word.enumerated() {
      let isColon = bytes[index] == UInt8(ascii: ":")
      guard isColon == (position % 3 == 2), isColon || isHexadecimal(bytes[index]) else {
        return false
      }
    }
    return true
  }

  private func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  /// Reads a slash, a digit and further bytes of `classes` that follow directly.
  ///
  /// Dots count after IPv4, so that a netmask is one token and its mend can be named.
  private mutating func prefixLength(_ allowed: UInt8) -> Bool {
    guard peek(0) == UInt8(ascii: "/"), classes[peek(1)] == ByteClass.digit else { return false }
    offset += 2
    while offset < bytes.count, classes[bytes[offset]] & allowed != 0 { offset += 1 }
    return true
  }
}
