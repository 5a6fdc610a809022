import NetworkTypes

/// Divides values into classes: those of one class are in the same sets, so that what tells values
/// apart by these sets alone treats them alike.
package struct ValueClasses: Sendable {
  /// The values of one class as ranges in ascending order; of many, the first.
  package struct Class: Hashable, Sendable {
    package fileprivate(set) var ranges: [ClosedRange<UInt128>]
  }

  /// In the order of their first values.
  package let classes: [Class]

  /// How many ranges of one class are kept.
  private static let keptRanges = 16

  /// - Parameters:
  ///   - universe: the values to divide; neither overlapping nor touching ranges.
  ///   - sets: each of ranges that do not overlap.
  /// - Complexity: O(n log n) in the number of ranges.
  package init(of universe: [ClosedRange<UInt128>], by sets: [[ClosedRange<UInt128>]]) {
    var marks: [Mark] = []
    for range in universe { Self.add(range, .universe, to: &marks) }
    for (index, set) in sets.enumerated() {
      for range in set { Self.add(range, .set(Self.key(index)), to: &marks) }
    }
    marks.sort { $0.place < $1.place }
    var found: [Class] = []
    var places: [UInt64: Int] = [:]
    var isInside = false
    var signature: UInt64 = 0
    for (index, mark) in marks.enumerated() {
      switch mark.change {
      case .universe: isInside.toggle()
      case .set(let key): signature ^= key
      }
      let next = index + 1 < marks.count ? marks[index + 1].place : nil
      if next == mark.place { continue }
      guard isInside else { continue }
      let range = mark.place...(next.map { $0 - 1 } ?? .max)
      if let place = places[signature] {
        if found[place].ranges.count < Self.keptRanges { found[place].ranges.append(range) }
      } else {
        places[signature] = found.count
        found.append(Class(ranges: [range]))
      }
    }
    classes = found
  }

  private enum Change {
    case universe
    case set(UInt64)
  }

  /// A place where a range begins, or the one behind its end.
  private struct Mark {
    let place: UInt128
    let change: Change
  }

  private static func add(
    _ range: ClosedRange<UInt128>, _ change: Change, to marks: inout [Mark]
  ) {
    marks.append(Mark(place: range.lowerBound, change: change))
    if range.upperBound < .max {
      marks.append(Mark(place: range.upperBound + 1, change: change))
    }
  }

  /// A number for each set, such that no two combinations of sets are likely to have one sum
  /// (the finalizer of SplitMix64).
  private static func key(_ index: Int) -> UInt64 {
    var value = UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

extension AddressRange {
  /// The addresses as numbers.
  var bits: ClosedRange<UInt128> { lowerBits...upperBits }
}
