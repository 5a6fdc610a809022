/// An IPv6 address.
package struct IPv6Address: Hashable, Sendable, Comparable {
  // Two words, because one of 128 bits must start at a multiple of 16 bytes: it would make every
  // value that may hold an address, such as a map's key, a third larger.
  private let high: UInt64
  private let low: UInt64

  /// The address in host byte order; the first group is the most significant 16 bits.
  package var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

  package init(bits: UInt128) {
    high = UInt64(truncatingIfNeeded: bits >> 64)
    low = UInt64(truncatingIfNeeded: bits)
  }

  /// Reads RFC 4291 text, `::` and a trailing dotted quad included; zone ids are refused.
  package init?(_ text: borrowing Span<UInt8>) {
    var parser = IPv6TextParser()
    for index in text.indices {
      guard parser.take(text[index], from: text, at: index) else { return nil }
      if parser.isComplete { break }
    }
    guard let bits = parser.finish() else { return nil }
    self.init(bits: bits)
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

  package static func < (left: Self, right: Self) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

extension IPv6Address: CustomStringConvertible {
  /// RFC 5952 text: lower case, the longest run of two or more zero groups as `::`, and the
  /// dotted quad of an IPv4-mapped address (`::ffff:0:0/96`).
  package var description: String {
    if bits >> 32 == 0xFFFF {
      return "::ffff:\(IPv4Address(bits: UInt32(truncatingIfNeeded: bits)))"
    }
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
