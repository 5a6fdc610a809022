package import NetworkTypes

extension Array where Element == PortRange {
  /// The same ports as the fewest ranges, in ascending order.
  package var merged: [PortRange] {
    var result: [PortRange] = []
    for range in sorted() {
      if let last = result.last, Int(range.lower) <= Int(last.upper) + 1 {
        result[result.count - 1] = PortRange(last.lower, Swift.max(last.upper, range.upper))
      } else {
        result.append(range)
      }
    }
    return result
  }
}
