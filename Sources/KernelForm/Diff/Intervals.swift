/// The intervals of a set that holds no concatenations, ascending.
struct Intervals {
  private(set) var list: [Interval] = []

  /// - Requires: keys have at most sixteen bytes.
  init(_ elements: ElementTable) {
    var isEnd = Array(repeating: false, count: elements.count)
    for position in elements.intervalEnds { isEnd[position] = true }
    let bounds = (0..<elements.count)
      .map { (key: Bound(elements.key(at: $0)), position: $0) }
      .sorted { ($0.key, isEnd[$0.position] ? 0 : 1) < ($1.key, isEnd[$1.position] ? 0 : 1) }
    for bound in bounds {
      if !isEnd[bound.position] {
        list.append(Interval(lower: bound.key, start: bound.position))
      } else if let last = list.last, last.start != nil, last.end == nil {
        list[list.count - 1].end = bound.position
        list[list.count - 1].upper = bound.key
      } else {
        list.append(Interval(lower: bound.key, end: bound.position))
      }
    }
  }
}

/// One interval: the element that starts it, and the one that ends it.
struct Interval {
  let lower: Bound
  /// `nil` for nft's mark of the room below the first interval: an end without a start.
  let start: Int?
  /// `nil` where the interval reaches to the end of all keys, or to the next interval.
  var upper: Bound?
  var end: Int?

  init(lower: Bound, start: Int) {
    self.lower = lower
    self.start = start
  }

  init(lower: Bound, end: Int) {
    self.lower = lower
    self.end = end
    start = nil
  }

  /// Its elements in the order in which the kernel wants to hear of them: it holds an end against
  /// the start that it was told just before.
  var elements: [Int] { [start, end].compactMap(\.self) }
}

extension Interval: Comparable {
  /// By where they start; the mark of the room below comes first.
  static func < (left: Interval, right: Interval) -> Bool {
    if left.lower != right.lower { return left.lower < right.lower }
    return left.start == nil && right.start != nil
  }

  static func == (left: Interval, right: Interval) -> Bool {
    left.lower == right.lower && (left.start == nil) == (right.start == nil)
  }
}

/// A key as a number.
struct Bound: Comparable {
  private var high: UInt64 = 0
  private var low: UInt64 = 0

  /// - Requires: all keys that are compared have the same length, sixteen bytes at most.
  init(_ key: ArraySlice<UInt8>) {
    for byte in key {
      high = high << 8 | low >> 56
      low = low << 8 | UInt64(byte)
    }
  }

  static func < (left: Bound, right: Bound) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}
