import NetworkTypes

/// Ports that some lines cover: a few ranges as such, many as one bit for each port.
struct PortSet {
  /// Ascending, neither overlapping nor touching; empty once there are words.
  private var ranges: [PortRange] = []
  private var words: [UInt64] = []

  /// More ranges than this are kept as bits.
  private static let rangeLimit = 32

  /// - Complexity: O(ports of the range / 64).
  mutating func insert(_ range: PortRange) {
    if words.isEmpty {
      if let last = ranges.last {
        if last.lower <= range.lower, range.upper <= last.upper { return }
      } else {
        ranges = [range]
        return
      }
      ranges = MatchBuilder.merged((ranges + [range]).sorted())
      if ranges.count <= Self.rangeLimit { return }
      words = [UInt64](repeating: 0, count: 1024)
      for range in ranges { fill(range) }
      ranges = []
    } else {
      fill(range)
    }
  }

  /// Whether all ports of `range` are in the set.
  ///
  /// - Complexity: O(ports of the range / 64).
  func contains(_ range: PortRange) -> Bool {
    if words.isEmpty {
      return ranges.contains { $0.lower <= range.lower && range.upper <= $0.upper }
    }
    return (Int(range.lower) / 64...Int(range.upper) / 64).allSatisfy { word in
      Self.mask(range, word) & ~words[word] == 0
    }
  }

  mutating func formUnion(_ other: PortSet) {
    if other.words.isEmpty {
      for range in other.ranges { insert(range) }
      return
    }
    let few = ranges
    if words.isEmpty { (words, ranges) = (other.words, []) }
    for index in words.indices { words[index] |= other.words[index] }
    for range in few { fill(range) }
  }

  private mutating func fill(_ range: PortRange) {
    for word in Int(range.lower) / 64...Int(range.upper) / 64 {
      words[word] |= Self.mask(range, word)
    }
  }

  /// The bits of `range` in the word at `index`.
  private static func mask(_ range: PortRange, _ index: Int) -> UInt64 {
    let first = max(Int(range.lower) - index * 64, 0)
    let last = min(Int(range.upper) - index * 64, 63)
    return (UInt64.max << UInt64(first)) & (UInt64.max >> UInt64(63 - last))
  }
}
