/// A set of addresses of both families, as sorted ranges that neither overlap nor touch.
package struct AddressSet: Hashable, Sendable {
  /// The ranges in ascending order; the shortest form of the set.
  package private(set) var ranges: [AddressRange]

  package init() { ranges = [] }

  /// The union of `ranges`.
  ///
  /// - Complexity: O(n log n).
  package init(_ ranges: [AddressRange]) {
    self.ranges = ranges.count < 2 ? ranges : Self.merged(ranges.sorted())
  }

  /// The union of `ranges`.
  ///
  /// - Complexity: O(n log n).
  package init(_ ranges: some Sequence<AddressRange>) { self.init(Array(ranges)) }

  /// Whether no address is in the set.
  package var isEmpty: Bool { ranges.isEmpty }

  /// The part of the set that is of `family`.
  package func ranges(of family: AddressFamily) -> [AddressRange] {
    ranges.filter { $0.family == family }
  }

  /// - Complexity: O(log n).
  package func contains(_ address: IPAddress) -> Bool { contains(AddressRange(address)) }

  /// Whether every address of `range` is in the set.
  ///
  /// - Complexity: O(log n).
  package func contains(_ range: AddressRange) -> Bool {
    let index = firstIndex(endingAtOrAfter: range)
    return index < ranges.count && ranges[index].contains(range)
  }

  /// - Complexity: O(log n).
  package func overlaps(_ range: AddressRange) -> Bool {
    let index = firstIndex(endingAtOrAfter: range)
    return index < ranges.count && ranges[index].overlaps(range)
  }

  /// Whether some address is in both sets.
  ///
  /// - Complexity: O(m log n), of which `m` is the smaller.
  package func overlaps(_ other: AddressSet) -> Bool {
    let (few, many) = ranges.count < other.ranges.count ? (self, other) : (other, self)
    return few.ranges.contains { many.overlaps($0) }
  }

  /// Whether every address of this set is in `other`.
  ///
  /// - Complexity: O(m log n).
  package func isSubset(of other: AddressSet) -> Bool { ranges.allSatisfy { other.contains($0) } }

  /// The addresses that are in either set.
  package func union(_ other: AddressSet) -> AddressSet { AddressSet(ranges + other.ranges) }

  /// The addresses that are in both sets.
  ///
  /// - Complexity: O(m + n).
  package func intersection(_ other: AddressSet) -> AddressSet {
    var result: [AddressRange] = []
    var (mine, theirs) = (0, 0)
    while mine < ranges.count, theirs < other.ranges.count {
      let (left, right) = (ranges[mine], other.ranges[theirs])
      if left.overlaps(right) {
        result.append(
          AddressRange(
            family: left.family, lowerBits: max(left.lowerBits, right.lowerBits),
            upperBits: min(left.upperBits, right.upperBits)))
      }
      if left.last < right.last { mine += 1 } else { theirs += 1 }
    }
    return AddressSet(result)
  }

  /// The addresses of this set that are not in `other`.
  ///
  /// - Complexity: O(m + n).
  package func subtracting(_ other: AddressSet) -> AddressSet {
    var result: [AddressRange] = []
    var hole = 0
    for range in ranges {
      while hole < other.ranges.count, other.ranges[hole].last < range.first { hole += 1 }
      var next = hole
      var rest: AddressRange? = range
      while let piece = rest, next < other.ranges.count, other.ranges[next].overlaps(piece) {
        let (left, right) = Self.cut(piece, by: other.ranges[next])
        if let left { result.append(left) }
        rest = right
        next += 1
      }
      if let rest { result.append(rest) }
    }
    return AddressSet(result)
  }

  /// What of `range` lies below and above `hole`, which overlaps it.
  private static func cut(
    _ range: AddressRange, by hole: AddressRange
  ) -> (below: AddressRange?, above: AddressRange?) {
    let below =
      hole.lowerBits > range.lowerBits
      ? AddressRange(
        family: range.family, lowerBits: range.lowerBits, upperBits: hole.lowerBits - 1) : nil
    let above =
      hole.upperBits < range.upperBits
      ? AddressRange(
        family: range.family, lowerBits: hole.upperBits + 1, upperBits: range.upperBits) : nil
    return (below, above)
  }

  /// The index of the first range that does not end before `range` starts.
  private func firstIndex(endingAtOrAfter range: AddressRange) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].last < range.first { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func merged(_ sorted: [AddressRange]) -> [AddressRange] {
    var result: [AddressRange] = []
    for range in sorted {
      guard let last = result.last, last.family == range.family,
        range.lowerBits <= last.upperBits || range.lowerBits - last.upperBits == 1
      else {
        result.append(range)
        continue
      }
      result[result.count - 1] = AddressRange(
        family: last.family, lowerBits: last.lowerBits,
        upperBits: max(last.upperBits, range.upperBits))
    }
    return result
  }
}
