extension DiagramStore {
  /// The field that the diagram asks for first; the number of fields for constants.
  package func askedField(_ diagram: Diagram) -> Int { field(diagram) }

  /// The parts of `diagram` by the values of `field`; one part where it does not ask for it.
  ///
  /// - Requires: the diagram asks for no earlier field.
  package func branches(_ diagram: Diagram, _ field: Int) -> [Branch] {
    guard self.field(diagram) == field else {
      return [Branch(interval: Interval(0, limits[field]), child: diagram)]
    }
    var lower: UInt128 = 0
    return (0..<branchCount(diagram)).map { index in
      let upper = upper(diagram, index)
      defer { lower = upper &+ 1 }
      return Branch(interval: Interval(lower, upper), child: child(diagram, index))
    }
  }

  /// The parts of `diagram` where `field` has a value of `interval`.
  ///
  /// - Requires: the diagram asks for no earlier field.
  /// - Complexity: O(log branches + parts).
  func branches(_ diagram: Diagram, _ field: Int, in interval: Interval) -> [Branch] {
    guard self.field(diagram) == field else {
      return [Branch(interval: interval, child: diagram)]
    }
    var result: [Branch] = []
    var index = branchIndex(diagram, interval.lower)
    var lower = interval.lower
    while true {
      let upper = min(upper(diagram, index), interval.upper)
      result.append(Branch(interval: Interval(lower, upper), child: child(diagram, index)))
      if upper == interval.upper { return result }
      lower = upper + 1
      index += 1
    }
  }

  /// The index of the branch that `value` takes.
  func branchIndex(_ diagram: Diagram, _ value: UInt128) -> Int {
    var (low, high) = (0, branchCount(diagram) - 1)
    while low < high {
      let middle = (low + high) / 2
      if upper(diagram, middle) < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// What is left of `diagram` where `field` is `value`.
  ///
  /// - Requires: the diagram asks for no earlier field.
  func descend(_ diagram: Diagram, _ field: Int, _ value: UInt128) -> Diagram {
    guard self.field(diagram) == field else { return diagram }
    return child(diagram, branchIndex(diagram, value))
  }

  /// The value of `diagram` for a whole header, a value for each field.
  package func value(_ diagram: Diagram, _ header: [UInt128]) -> Int {
    var current = diagram
    while true {
      if let constant = current.constant { return constant }
      current = child(current, branchIndex(current, header[field(current)]))
    }
  }

  /// The values that `diagram` takes, ascending.
  package func values(_ diagram: Diagram) -> [Int] {
    var seen: Set<Diagram> = []
    var result: Set<Int> = []
    var pending = [diagram]
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      if let constant = next.constant {
        result.insert(constant)
      } else {
        for index in 0..<branchCount(next) { pending.append(child(next, index)) }
      }
    }
    return result.sorted()
  }
}
