/// A name of 15 bytes or less, as nearly all are, in two machine words: no memory is shared, so that
/// lines that hold one are copied without counting references.
@usableFromInline
package struct ShortName: Hashable, Sendable {
  /// The first eight bytes, the first of them least significant; 0 behind the end.
  @usableFromInline package let low: UInt64
  /// The other bytes alike; the most significant byte is the length.
  @usableFromInline package let high: UInt64

  private init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  // Another target compares the names of all lines.
  @inlinable
  package static func == (left: Self, right: Self) -> Bool {
    left.low == right.low && left.high == right.high
  }

  /// The name that `bytes[range]` spells; `nil` where it is longer.
  @inline(__always)
  init?(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) {
    guard range.count <= 15 else { return nil }
    let middle = min(range.lowerBound &+ 8, range.upperBound)
    self.init(
      low: Self.word(bytes, range.lowerBound..<middle),
      high: Self.word(bytes, middle..<range.upperBound) | UInt64(range.count) << 56)
  }

  /// The bytes of `range`, eight at most, from its end on: so each takes one step.
  @inline(__always)
  private static func word(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var word: UInt64 = 0
    var index = range.upperBound
    while index > range.lowerBound {
      index &-= 1
      word = word << 8 | UInt64(bytes[index])
    }
    return word
  }

  /// `name`, where it is not longer.
  package init?(_ name: String) {
    let bytes = name.utf8.span
    self.init(bytes, 0..<bytes.count)
  }

  /// The name.
  package var text: String {
    var bytes: [UInt8] = []
    for index in 0..<high >> 56 {
      let word = index < 8 ? low : high
      bytes.append(UInt8(truncatingIfNeeded: word >> (index % 8 * 8)))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
