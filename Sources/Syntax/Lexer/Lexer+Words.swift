/// Names, keywords, numbers, addresses, and the colon and the arrow, which are made of their bytes.
///
/// A run of word bytes with two colons or more is an IPv6 or MAC address; one colon stands between
/// two words. So no context is needed to read `db:80`, `10.0.0.1:80` and `[fd00::2]:80`.
extension Lexer {
  mutating func word() -> TokenKind {
    let plain = plainRun(from: offset)
    let follower = peek(at: plain.end)
    // Nearly every word ends where its letters, digits and dots do.
    if plain.end > offset, follower & Self.continuing == 0 {
      return plainWord(end: plain.end, plain.seen)
    }
    if isArrow(offset) { return take(2, .arrow) }
    // Most colons stand between two such words.
    if follower == ByteClass.colon,
      peek(at: plainRun(from: plain.end + 1).end) & Self.continuing == 0
    {
      return plain.end == offset ? take(1, .colon) : plainWord(end: plain.end, plain.seen)
    }
    let run = run(after: plain)
    switch run.colons {
    case 0: return plainWord(end: run.end, run.seen)
    case 1 where run.firstColon == offset: return take(1, .colon)
    case 1: return plainWord(end: run.firstColon, run.seenBeforeColon)
    default: return colonAddress(end: run.end, run.seen)
    }
  }

  /// What a word may go on with after its letters, digits and dots.
  private static let continuing = ByteClass.hyphen | ByteClass.colon

  /// The run of letters, digits and dots from `start`: where it ends, and what is in it.
  @inline(__always)
  private func plainRun(from start: Int) -> (end: Int, seen: UInt8) {
    let bytes = bytes.span
    let classes = classes.table.span
    var end = start
    var seen: UInt8 = 0
    while end < bytes.count {
      let byteClass = classes[Int(bytes[end])]
      if byteClass & ByteClass.plain == 0 { break }
      seen |= byteClass
      end &+= 1
    }
    return (end, seen)
  }

  /// The class of the byte at `index`; 0 past the end.
  private func peek(at index: Int) -> UInt8 {
    index < bytes.count ? classes[bytes[index]] : 0
  }

  /// The longest run of word bytes from here, of which `plain` is the beginning; a hyphen that begins
  /// an arrow ends it.
  private func run(after plain: (end: Int, seen: UInt8)) -> WordRun {
    let bytes = bytes.span
    let classes = classes.table.span
    var run = WordRun(end: plain.end, firstColon: offset, seen: plain.seen)
    while run.end < bytes.count {
      let byteClass = classes[Int(bytes[run.end])]
      if byteClass & ByteClass.plain == 0 {
        if byteClass & ByteClass.word == 0 { break }
        if byteClass == ByteClass.hyphen, isArrow(run.end) { break }
        if byteClass == ByteClass.colon {
          if run.colons == 0 { (run.firstColon, run.seenBeforeColon) = (run.end, run.seen) }
          run.colons += 1
        }
      }
      run.seen |= byteClass
      run.end += 1
    }
    return run
  }

  private func isArrow(_ index: Int) -> Bool {
    bytes[index] == UInt8(ascii: "-") && index + 1 < bytes.count
      && bytes[index + 1] == UInt8(ascii: ">")
  }

  /// A word without colons, of the classes `seen`.
  private mutating func plainWord(end: Int, _ seen: UInt8) -> TokenKind {
    let start = offset
    offset = end
    if seen == ByteClass.digit { return .integer }
    let startsName = classes[bytes[start]] & (ByteClass.letter | ByteClass.digit) != 0
    guard startsName else { return .unknown }
    if seen & ByteClass.letter != 0 {
      guard seen & ByteClass.dot == 0 else { return .identifier }
      return keywords.find(bytes.span, start..<end, seen).map(TokenKind.keyword) ?? .identifier
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

/// A run of word bytes: where it ends, where its first colon is, and what is in it.
private struct WordRun {
  var end: Int
  var firstColon: Int
  var colons = 0
  /// The classes of its bytes.
  var seen: UInt8
  /// The classes of its bytes before the first colon.
  var seenBeforeColon: UInt8 = 0
}
