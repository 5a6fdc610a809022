/// An IPv6 address.
package struct IPv6Address: Hashable, Sendable, Comparable {
  /// The address in host byte order; the first group is the most significant 16 bits.
  package var bits: UInt128

  package init(bits: UInt128) { self.bits = bits }

  /// Reads RFC 4291 text, `::` and a trailing dotted quad included; zone ids are refused.
  package init?(_ text: borrowing Span<UInt8>) {
    var parser = IPv6TextParser()
    for index in text.indices {
      guard parser.take(text[index], from: text, at: index) else { return nil }
      if parser.isComplete { break }
    }
    guard let bits = parser.finish() else { return nil }
    self.bits = bits
  }

  /// Reads RFC 4291 text.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    self.init(bytes.span)
  }

  /// The eight 16-bit groups, most significant first.
  package var groups: [UInt16] {
    (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
  }

  package static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}

extension IPv6Address: CustomStringConvertible {
  /// RFC 5952 text: lower case, the longest run of two or more zero groups as `::`.
  package var description: String {
    let groups = self.groups
    let zeros = longestZeroRun(in: groups)
    var text = ""
    var index = 0
    while index < 8 {
      if let zeros, index == zeros.lowerBound {
        text += "::"
        index = zeros.upperBound
        continue
      }
      if !text.isEmpty, !text.hasSuffix(":") { text += ":" }
      text += String(groups[index], radix: 16)
      index += 1
    }
    return text
  }

  private func longestZeroRun(in groups: [UInt16]) -> Range<Int>? {
    var best: Range<Int>?
    var start: Int?
    for index in 0...8 {
      if index < 8, groups[index] == 0 {
        if start == nil { start = index }
        continue
      }
      if let begin = start, index - begin >= 2, index - begin > (best?.count ?? 0) {
        best = begin..<index
      }
      start = nil
    }
    return best
  }
}

/// The state of reading one IPv6 text from left to right.
private struct IPv6TextParser {
  private var groups: [UInt16] = []
  private var gap: Int?
  private var current: UInt32 = 0
  private var digits = 0
  private var previousWasColon = false
  private var seen = 0
  private var embedded: UInt32?

  var isComplete: Bool { embedded != nil }

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
      gap = groups.count
      previousWasColon = false
      return true
    }
    guard digits > 0 || seen == 0 else { return false }
    if digits > 0 { pushGroup() }
    previousWasColon = true
    return true
  }

  private mutating func takeDigit(_ byte: UInt8) -> Bool {
    guard let value = hexDigit(byte), digits < 4 else { return false }
    // A single leading colon is no group separator.
    if seen == 1, previousWasColon { return false }
    current = current << 4 | value
    digits += 1
    previousWasColon = false
    return true
  }

  private mutating func takeQuad(_ text: borrowing Span<UInt8>, endingBefore index: Int) -> Bool {
    guard digits > 0 else { return false }
    let quad = text.extracting((index - digits)..<text.count)
    guard let address = IPv4Address(quad) else { return false }
    embedded = address.bits
    groups.append(UInt16(address.bits >> 16))
    groups.append(UInt16(address.bits & 0xFFFF))
    digits = 0
    return true
  }

  private mutating func pushGroup() {
    groups.append(UInt16(current))
    current = 0
    digits = 0
  }

  mutating func finish() -> UInt128? {
    guard !previousWasColon, seen > 1 else { return nil }
    if digits > 0 { pushGroup() }
    if let gap {
      guard groups.count < 8 else { return nil }
      groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
    }
    guard groups.count == 8 else { return nil }
    return groups.reduce(0) { $0 << 16 | UInt128($1) }
  }

  private func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
