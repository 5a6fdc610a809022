extension DiagramStore {
  /// The function that has at each header what `decide` makes of both functions' values there.
  ///
  /// - Parameter decide: the answer for two diagrams where it is known, and always for two
  ///   constants.
  /// - Complexity: O(pairs of nodes that meet).
  package mutating func merged(
    _ left: Diagram, _ right: Diagram, _ decide: (Diagram, Diagram) -> Diagram?
  ) -> Diagram {
    var memo = DiagramMemo()
    return merged(left, right, &memo, decide)
  }

  private mutating func merged(
    _ left: Diagram, _ right: Diagram, _ memo: inout DiagramMemo,
    _ decide: (Diagram, Diagram) -> Diagram?
  ) -> Diagram {
    if let known = decide(left, right) { return known }
    if let known = memo[left, right] { return known }
    let field = min(self.field(left), self.field(right))
    let result = split(left, right, at: field) { store, left, right in
      store.merged(left, right, &memo, decide)
    }
    memo[left, right] = result
    return result
  }

  /// A node of `field` with what `combine` makes of the parts of both.
  mutating func split(
    _ left: Diagram, _ right: Diagram, at field: Int,
    _ combine: (inout DiagramStore, Diagram, Diagram) -> Diagram
  ) -> Diagram {
    let (splitsLeft, splitsRight) = (self.field(left) == field, self.field(right) == field)
    let limit = limits[field]
    let edges = newEdges()
    var (leftIndex, rightIndex) = (0, 0)
    while true {
      let leftUpper = splitsLeft ? upper(left, leftIndex) : limit
      let rightUpper = splitsRight ? upper(right, rightIndex) : limit
      let end = min(leftUpper, rightUpper)
      let leftChild = splitsLeft ? child(left, leftIndex) : left
      let rightChild = splitsRight ? child(right, rightIndex) : right
      append(end, combine(&self, leftChild, rightChild), to: edges)
      if end == limit { return node(field, edges) }
      if leftUpper == end { leftIndex += 1 }
      if rightUpper == end { rightIndex += 1 }
    }
  }

  /// The function with other values.
  package mutating func mapped(
    _ diagram: Diagram, _ change: (Diagram) -> Diagram
  ) -> Diagram {
    var memo = DiagramMemo()
    return mapped(diagram, &memo, change)
  }

  private mutating func mapped(
    _ diagram: Diagram, _ memo: inout DiagramMemo, _ change: (Diagram) -> Diagram
  ) -> Diagram {
    if diagram.isConstant { return change(diagram) }
    if let known = memo[diagram] { return known }
    let count = branchCount(diagram)
    let edges = newEdges()
    for index in 0..<count {
      let part = mapped(child(diagram, index), &memo, change)
      append(upper(diagram, index), part, to: edges)
    }
    let result = node(field(diagram), edges)
    memo[diagram] = result
    return result
  }

  /// What is left of `diagram` where `field` is `value`.
  package mutating func fixed(_ diagram: Diagram, _ field: Int, _ value: UInt128) -> Diagram {
    var memo = DiagramMemo()
    return fixed(diagram, field, value, &memo)
  }

  private mutating func fixed(
    _ diagram: Diagram, _ field: Int, _ value: UInt128, _ memo: inout DiagramMemo
  ) -> Diagram {
    let own = self.field(diagram)
    if own > field { return diagram }
    if own == field { return child(diagram, branchIndex(diagram, value)) }
    if let known = memo[diagram] { return known }
    let count = branchCount(diagram)
    let edges = newEdges()
    for index in 0..<count {
      let part = fixed(child(diagram, index), field, value, &memo)
      append(upper(diagram, index), part, to: edges)
    }
    let result = node(own, edges)
    memo[diagram] = result
    return result
  }
}

extension DiagramStore {
  /// Where both hold; both are conditions.
  package mutating func both(_ left: Diagram, _ right: Diagram) -> Diagram {
    merged(left, right) { left, right in
      if left == .no || right == .no { return .no }
      if left == .yes { return right }
      return right == .yes || left == right ? left : nil
    }
  }

  /// Where one of them holds; both are conditions.
  package mutating func either(_ left: Diagram, _ right: Diagram) -> Diagram {
    merged(left, right) { left, right in
      if left == .yes || right == .yes { return .yes }
      if left == .no { return right }
      return right == .no || left == right ? left : nil
    }
  }

  /// Where the condition does not hold.
  package mutating func negated(_ condition: Diagram) -> Diagram {
    mapped(condition) { $0 == .no ? .yes : .no }
  }

  /// `diagram` where `condition` holds, the constant `other` elsewhere.
  ///
  /// - Complexity: O(parts where it holds · log of all).
  package mutating func masked(
    _ diagram: Diagram, by condition: Diagram, else other: Diagram
  ) -> Diagram {
    var memo = DiagramMemo()
    return masked(diagram, by: condition, else: other, &memo)
  }

  private mutating func masked(
    _ diagram: Diagram, by condition: Diagram, else other: Diagram, _ memo: inout DiagramMemo
  ) -> Diagram {
    if condition == .no { return other }
    if condition == .yes || diagram == other { return diagram }
    if let known = memo[condition, diagram] { return known }
    let field = min(self.field(condition), self.field(diagram))
    var conditions = cursor(condition, field)
    var values = cursor(diagram, field)
    let edges = newEdges()
    while true {
      let isHole = conditions.child == .no
      let end = isHole ? conditions.upper : min(conditions.upper, values.upper)
      append(end, masked(values.child, by: conditions.child, else: other, &memo), to: edges)
      if end == limits[field] { break }
      move(&conditions, behind: end)
      move(&values, behind: end)
    }
    let result = node(field, edges)
    memo[condition, diagram] = result
    return result
  }

  /// One of the parts where it is not `hole`; parts overlap nowhere.
  ///
  /// - Complexity: O(size of the parts · log parts), where they share little.
  package mutating func joined(_ parts: ArraySlice<Diagram>, hole: Diagram) -> Diagram {
    guard parts.count > 1 else { return parts.first ?? hole }
    let middle = parts.startIndex + parts.count / 2
    let left = joined(parts[..<middle], hole: hole)
    let right = joined(parts[middle...], hole: hole)
    return merged(left, right) { left, right in
      if left == hole { return right }
      return right == hole || left.isConstant || left == right ? left : nil
    }
  }
}
