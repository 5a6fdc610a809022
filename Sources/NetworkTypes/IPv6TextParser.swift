/// The state of reading one IPv6 text from left to right.
struct IPv6TextParser {
  /// The groups so far, the last one lowest.
  private var bits: UInt128 = 0
  private var groups = 0
  /// The number of groups before `::`.
  private var gap: Int?
  private var current: UInt32 = 0
  private var digits = 0
  private var previousWasColon = false
  private var seen = 0

  /// Whether the rest of the text is read: a dotted quad is taken whole.
  private(set) var isComplete = false

  /// Takes the byte at `index` of `text`, or tells that no address has it there.
  mutating func take(_ byte: UInt8, from text: borrowing Span<UInt8>, at index: Int) -> Bool {
    defer { seen += 1 }
    switch byte {
    case UInt8(ascii: ":"): return takeColon()
    case UInt8(ascii: "."): return takeQuad(text, endingBefore: index)
    default: return takeDigit(byte)
    }
  }

  private mutating func takeColon() -> Bool {
    if previousWasColon {
      guard gap == nil else { return false }
      gap = groups
      previousWasColon = false
      return true
    }
    guard digits > 0 || seen == 0 else { return false }
    if digits > 0, !pushGroup() { return false }
    previousWasColon = true
    return true
  }

  private mutating func takeDigit(_ byte: UInt8) -> Bool {
    guard let value = hexadecimalValue(byte), digits < 4 else { return false }
    // A single leading colon is no group separator.
    if seen == 1, previousWasColon { return false }
    current = current << 4 | value
    digits += 1
    previousWasColon = false
    return true
  }

  private mutating func takeQuad(_ text: borrowing Span<UInt8>, endingBefore index: Int) -> Bool {
    guard digits > 0, groups <= 6 else { return false }
    let quad = text.extracting((index - digits)..<text.count)
    guard let address = IPv4Address(quad) else { return false }
    bits = bits << 32 | UInt128(address.bits)
    groups += 2
    digits = 0
    isComplete = true
    return true
  }

  private mutating func pushGroup() -> Bool {
    guard groups < 8 else { return false }
    bits = bits << 16 | UInt128(current)
    groups += 1
    current = 0
    digits = 0
    return true
  }

  /// The address, once all bytes are taken; `nil` where something is missing.
  mutating func finish() -> UInt128? {
    guard !previousWasColon, seen > 1 else { return nil }
    if digits > 0, !pushGroup() { return nil }
    guard let gap else { return groups == 8 ? bits : nil }
    guard groups < 8 else { return nil }
    let tailWidth = UInt128(16 * (groups - gap))
    let tail = bits & ((1 << tailWidth) - 1)
    return (bits >> tailWidth) << UInt128(16 * (8 - gap)) | tail
  }
}
