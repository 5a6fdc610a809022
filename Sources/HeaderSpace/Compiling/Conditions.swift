import Netfilter
import NetworkTypes

/// What a rule asks for: for each field the values that it takes; fields that are not asked for
/// are left out.
struct Conditions {
  /// By field; each list sorted, its intervals apart.
  private(set) var values: [Int: [Interval]] = [:]
  /// Whether no packet that is asked about can match.
  private(set) var isNever = false
  /// What the first packet keeps and later ones may not.
  var bounds: [String] = []
  /// Whether the rule is for what exceeds a count, which no first packet does.
  var isBeyondCount = false

  /// Asks, too, that `field` has one of the values.
  mutating func require(_ field: Int, _ intervals: [Interval]) {
    let narrowed = values[field].map { Self.intersection($0, intervals) } ?? intervals
    values[field] = narrowed
    if narrowed.isEmpty { isNever = true }
  }

  /// Asks for what nothing has.
  mutating func refuse() { isNever = true }

  /// The values that are in both; both sorted, their intervals apart.
  static func intersection(_ left: [Interval], _ right: [Interval]) -> [Interval] {
    var result: [Interval] = []
    guard let (first, other) = left.first.flatMap({ first in right.first.map { (first, $0) } })
    else { return [] }
    var (mine, theirs) = (left.index(reaching: other.lower), right.index(reaching: first.lower))
    while mine < left.count, theirs < right.count {
      let lower = max(left[mine].lower, right[theirs].lower)
      let upper = min(left[mine].upper, right[theirs].upper)
      if lower <= upper { result.append(Interval(lower, upper)) }
      if left[mine].upper < right[theirs].upper { mine += 1 } else { theirs += 1 }
    }
    return result
  }
}

extension [Interval] {
  /// The index of the first interval that ends at `value` or behind it; sorted input, its
  /// intervals apart.
  func index(reaching value: UInt128) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].upper < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The values up to `limit` that are in none; sorted input, its intervals apart.
  func complement(upTo limit: UInt128) -> [Interval] {
    var result: [Interval] = []
    var next: UInt128 = 0
    for interval in self {
      if interval.lower > next { result.append(Interval(next, interval.lower - 1)) }
      if interval.upper == limit { return result }
      next = interval.upper + 1
    }
    return result + [Interval(next, limit)]
  }

  /// The same values as sorted intervals that are apart.
  var united: [Interval] {
    if count < 2 { return self }
    var result: [Interval] = []
    for interval in sorted(by: { $0.lower < $1.lower }) {
      if let last = result.last, last.upper == .max || interval.lower <= last.upper + 1 {
        result[result.count - 1] = Interval(last.lower, Swift.max(last.upper, interval.upper))
      } else {
        result.append(interval)
      }
    }
    return result
  }
}

extension FlowSpace {
  /// Where all of it holds.
  mutating func diagram(_ conditions: Conditions) -> Diagram {
    if conditions.isNever { return .no }
    var result = Diagram.yes
    for (field, intervals) in conditions.values.sorted(by: { $0.key > $1.key }) {
      let edges = store.newEdges()
      var next: UInt128 = 0
      for interval in intervals {
        if interval.lower > next { store.append(interval.lower - 1, .no, to: edges) }
        store.append(interval.upper, result, to: edges)
        next = interval.upper &+ 1
      }
      if let last = intervals.last, last.upper < store.limits[field] {
        store.append(store.limits[field], .no, to: edges)
      }
      result = store.node(field, edges)
    }
    return result
  }
}
