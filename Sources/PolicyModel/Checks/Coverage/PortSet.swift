import NetworkTypes

/// Ports that some lines cover: one bit for each port, made when the first range comes.
struct PortSet {
  private var words: [UInt64] = []

  /// - Complexity: O(ports of the range / 64).
  mutating func insert(_ range: PortRange) {
    if words.isEmpty { words = [UInt64](repeating: 0, count: 1024) }
    for word in Int(range.lower) / 64...Int(range.upper) / 64 {
      words[word] |= Self.mask(range, word)
    }
  }

  /// The ports of `range` that are not in the set.
  ///
  /// - Complexity: O(ports of the range / 64).
  func contains(_ range: PortRange) -> Bool {
    if words.isEmpty { return false }
    return (Int(range.lower) / 64...Int(range.upper) / 64).allSatisfy { word in
      Self.mask(range, word) & ~words[word] == 0
    }
  }

  mutating func formUnion(_ other: PortSet) {
    if other.words.isEmpty { return }
    if words.isEmpty { return words = other.words }
    for index in words.indices { words[index] |= other.words[index] }
  }

  /// The bits of `range` in the word at `index`.
  private static func mask(_ range: PortRange, _ index: Int) -> UInt64 {
    let first = max(Int(range.lower) - index * 64, 0)
    let last = min(Int(range.upper) - index * 64, 63)
    return (UInt64.max << UInt64(first)) & (UInt64.max >> UInt64(63 - last))
  }
}
