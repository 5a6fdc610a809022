/// Many boxes over the same fields, each with what the function is there.
package struct BoxList {
  /// The fields, ascending.
  package let fields: [Int]
  private(set) var lowers: [UInt128] = []
  private(set) var uppers: [UInt128] = []
  private(set) var leaves: [Diagram] = []

  /// No boxes yet.
  package init(fields: [Int]) { self.fields = fields }

  /// The number of boxes.
  package var count: Int { leaves.count }

  /// Adds a box: an interval for each field. The leaf asks for later fields only.
  package mutating func append(_ intervals: [Interval], _ leaf: Diagram) {
    for interval in intervals {
      lowers.append(interval.lower)
      uppers.append(interval.upper)
    }
    leaves.append(leaf)
  }

  /// Where the first box starts in the first field.
  var start: UInt128 { lowers.first ?? 0 }

  func interval(_ box: Int, _ level: Int) -> Interval {
    let index = box * fields.count + level
    return Interval(lowers[index], uppers[index])
  }
}

extension DiagramStore {
  /// The function of many boxes; `other` outside of them. Where boxes overlap, the first one
  /// counts.
  ///
  /// - Complexity: O(n log n) where intervals of one field are equal or apart.
  package mutating func boxes(_ list: BoxList, else other: Diagram) -> Diagram {
    boxes(list, Array(0..<list.count), level: 0, other)
  }

  private mutating func boxes(
    _ list: BoxList, _ members: [Int], level: Int, _ other: Diagram
  ) -> Diagram {
    guard let first = members.first else { return other }
    if level == list.fields.count { return list.leaves[first] }
    let field = list.fields[level]
    let edges = newEdges()
    var next: UInt128 = 0
    for (interval, group) in groups(list, members, level) {
      if interval.lower > next { append(interval.lower - 1, other, to: edges) }
      append(interval.upper, boxes(list, group, level: level + 1, other), to: edges)
      if interval.upper == limits[field] { return node(field, edges) }
      next = interval.upper + 1
    }
    append(limits[field], other, to: edges)
    return node(field, edges)
  }

  /// The members by intervals that are apart, ascending; within one in their order.
  private func groups(
    _ list: BoxList, _ members: [Int], _ level: Int
  ) -> [(Interval, [Int])] {
    let sorted = members.sorted {
      let (left, right) = (list.interval($0, level), list.interval($1, level))
      return left == right
        ? $0 < $1 : (left.lower, left.upper) < (right.lower, right.upper)
    }
    var result: [(Interval, [Int])] = []
    for member in sorted {
      let interval = list.interval(member, level)
      if let last = result.last {
        if last.0 == interval {
          result[result.count - 1].1.append(member)
          continue
        }
        if interval.lower <= last.0.upper { return crossing(list, members, level) }
      }
      result.append((interval, [member]))
    }
    return result
  }

  /// As ``groups(_:_:_:)`` where intervals overlap: cut at every bound.
  private func crossing(
    _ list: BoxList, _ members: [Int], _ level: Int
  ) -> [(Interval, [Int])] {
    let limit = limits[list.fields[level]]
    var starts: Set<UInt128> = []
    for member in members {
      let interval = list.interval(member, level)
      starts.insert(interval.lower)
      if interval.upper < limit { starts.insert(interval.upper + 1) }
    }
    let cuts = starts.sorted()
    return cuts.indices.compactMap { index in
      let upper = index + 1 < cuts.count ? cuts[index + 1] - 1 : limit
      let inside = members.filter {
        let interval = list.interval($0, level)
        return interval.lower <= cuts[index] && interval.upper >= upper
      }
      return inside.isEmpty ? nil : (Interval(cuts[index], upper), inside)
    }
  }

  /// The condition that `field` has a value of one of the intervals.
  package mutating func condition(_ field: Int, _ intervals: [Interval]) -> Diagram {
    var list = BoxList(fields: [field])
    for interval in intervals { list.append([interval], .yes) }
    return boxes(list, else: .no)
  }
}
