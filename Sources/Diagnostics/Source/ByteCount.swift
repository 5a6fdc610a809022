extension Span where Element == UInt8 {
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
