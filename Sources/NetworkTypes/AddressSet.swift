/// A set of addresses of both families, as sorted ranges that neither overlap nor touch.
package struct AddressSet: Hashable, Sendable {
  /// The ranges in ascending order; the shortest form of the set.
  package private(set) var ranges: [AddressRange]

  package init() { ranges = [] }

  /// The union of `ranges`.
  ///
  /// - Complexity: O(n log n).
  package init(_ ranges: some Sequence<AddressRange>) {
    self.ranges = Self.merged(ranges.sorted())
  }

  package var isEmpty: Bool { ranges.isEmpty }

  /// The part of the set that is of `family`.
  package func ranges(of family: AddressFamily) -> [AddressRange] {
    ranges.filter { $0.family == family }
  }

  package func contains(_ address: IPAddress) -> Bool {
    ranges.contains { $0.contains(address) }
  }

  package func overlaps(_ range: AddressRange) -> Bool {
    ranges.contains { $0.overlaps(range) }
  }

  package func union(_ other: AddressSet) -> AddressSet { AddressSet(ranges + other.ranges) }

  /// The addresses of this set that are not in `other`.
  package func subtracting(_ other: AddressSet) -> AddressSet {
    var result: [AddressRange] = []
    for range in ranges {
      var pieces = [range]
      for hole in other.ranges where hole.overlaps(range) {
        pieces = pieces.flatMap { Self.cut($0, by: hole) }
      }
      result += pieces
    }
    return AddressSet(result)
  }

  private static func cut(_ range: AddressRange, by hole: AddressRange) -> [AddressRange] {
    guard hole.overlaps(range) else { return [range] }
    var pieces: [AddressRange] = []
    if hole.lowerBits > range.lowerBits {
      pieces.append(
        AddressRange(
          family: range.family, lowerBits: range.lowerBits, upperBits: hole.lowerBits - 1))
    }
    if hole.upperBits < range.upperBits {
      pieces.append(
        AddressRange(
          family: range.family, lowerBits: hole.upperBits + 1, upperBits: range.upperBits))
    }
    return pieces
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
