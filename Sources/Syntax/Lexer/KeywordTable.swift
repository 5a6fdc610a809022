/// Finds the keyword that a run of bytes spells, without making a string of it.
struct KeywordTable {
  private struct Slot {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var keyword: Keyword?
  }

  /// The length of the longest keyword; two machine words hold it.
  private static let longest = 16
  /// The letter that every keyword with a digit begins with.
  private static let firstOfNumbered = UInt8(ascii: "i")
  /// At most a third full, so that most look-ups end at the first slot.
  private var slots = [Slot](repeating: Slot(), count: 256)

  init() {
    for keyword in Keyword.allCases {
      let bytes = Array(keyword.rawValue.utf8)
      precondition(bytes.count <= Self.longest, "two machine words hold every keyword")
      let hasDigit = bytes.contains { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
      precondition(!hasDigit || bytes[0] == Self.firstOfNumbered, "`find` relies on it")
      let (low, high) = Self.pack(bytes.span, 0..<bytes.count)
      var index = Self.hash(low, high)
      while slots[index].keyword != nil { index = (index + 1) & 255 }
      slots[index] = Slot(low: low, high: high, keyword: keyword)
    }
  }

  /// The keyword that `bytes[range]` spells.
  ///
  /// - Parameter seen: the classes of these bytes.
  func find(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>, _ seen: UInt8) -> Keyword? {
    guard range.count <= Self.longest else { return nil }
    // Most names end in a number, and few keywords do.
    if seen & ByteClass.digit != 0, bytes[range.lowerBound] != Self.firstOfNumbered { return nil }
    let (low, high) = Self.pack(bytes, range)
    var index = Self.hash(low, high)
    while let keyword = slots[index].keyword {
      if slots[index].low == low, slots[index].high == high { return keyword }
      index = (index + 1) & 255
    }
    return nil
  }

  @inline(__always)
  private static func pack(
    _ bytes: borrowing Span<UInt8>, _ range: Range<Int>
  ) -> (UInt64, UInt64) {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var index = range.lowerBound
    while index < range.upperBound {
      high = high << 8 | low >> 56
      low = low << 8 | UInt64(bytes[index])
      index &+= 1
    }
    return (low, high)
  }

  /// Fibonacci hashing: the top byte of the product is well mixed.
  private static func hash(_ low: UInt64, _ high: UInt64) -> Int {
    Int(truncatingIfNeeded: ((low ^ high &* 31) &* 0x9E37_79B9_7F4A_7C15) >> 56)
  }
}
