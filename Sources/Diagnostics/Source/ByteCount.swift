extension Span where Element == UInt8 {
  /// Calls `body` with the index of each byte that is `byte`, ascending.
  ///
  /// - Complexity: O(count), eight bytes at a time.
  @inline(__always)
  func forEachIndex(of byte: UInt8, _ body: (Int) -> Void) {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
    var start = 0
    while start &+ 8 <= count {
      let block = extracting(start..<start &+ 8)
      var word: UInt64 = 0
      for index in 0..<8 { word |= UInt64(block[index]) &<< UInt64(8 &* index) }
      let difference = word ^ pattern
      // The high bit of each byte of this is set for a difference of 0 only.
      var found = ~(((difference & low) &+ low) | difference | low)
      while found != 0 {
        body(start &+ found.trailingZeroBitCount / 8)
        found &= found &- 1
      }
      start &+= 8
    }
    while start < count {
      if self[start] == byte { body(start) }
      start &+= 1
    }
  }

  /// How many of the bytes are `byte`.
  ///
  /// - Complexity: O(count), many bytes at a time: there are no branches in the inner loop, and its
  ///   sum is no wider than what is summed up.
  package func occurrences(of byte: UInt8) -> Int {
    var total = 0
    var start = 0
    while start < count {
      let block = extracting(start..<Swift.min(start &+ 128, count))
      var sum: UInt8 = 0
      for index in 0..<block.count {
        let difference = block[index] ^ byte
        // The high bit of this is set for a difference of 0 only.
        sum &+= ((difference &- 1) & ~difference) >> 7
      }
      total &+= Int(sum)
      start &+= 128
    }
    return total
  }
}
