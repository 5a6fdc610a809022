extension FlowSpace {
  /// All parts, one after the other, for `packets`; anything for others.
  mutating func sequence(of parts: ArraySlice<Diagram>, on packets: Diagram) -> Diagram {
    guard parts.count > 1 else { return parts.first ?? next }
    let middle = parts.startIndex + parts.count / 2
    let first = sequence(of: parts[..<middle], on: packets)
    return sequence(first, sequence(of: parts[middle...], on: packets), on: packets)
  }

  /// What `second` makes of those of `packets` that `first` lets go on; anything for others.
  ///
  /// - Complexity: O(parts that are about such packets · log of all).
  mutating func sequence(_ first: Diagram, _ second: Diagram, on packets: Diagram) -> Diagram {
    var memo = DiagramMemo()
    return sequence(first, second, on: packets, &memo)
  }

  private mutating func sequence(
    _ first: Diagram, _ second: Diagram, on packets: Diagram, _ memo: inout DiagramMemo
  ) -> Diagram {
    if packets == .no { return absent }
    if first == next || second == next { return first == next ? second : first }
    if packets == .yes { return sequence(first, second) }
    if let known = memo[first, second, packets] { return known }
    let field = min(store.field(first), store.field(second))
    let result: Diagram
    if first.isConstant || field >= HeaderField.marks {
      let possible = store.masked(second, by: packets, else: absent)
      result = sequence(first, possible)
    } else if store.field(packets) < field {
      result = sequence(first, second, on: withoutFirst(packets), &memo)
    } else {
      result = sequence(first, second, on: packets, at: field, &memo)
    }
    memo[first, second, packets] = result
    return result
  }

  /// A condition that holds wherever `packets` does and does not ask for its first field.
  private func withoutFirst(_ packets: Diagram) -> Diagram {
    let children = store.branches(packets, store.field(packets)).map(\.child).filter { $0 != .no }
    guard let first = children.first else { return .no }
    return children.allSatisfy { $0 == first } ? first : .yes
  }

  private mutating func sequence(
    _ first: Diagram, _ second: Diagram, on packets: Diagram, at field: Int,
    _ memo: inout DiagramMemo
  ) -> Diagram {
    var cursors = [first, second, packets].map { BranchCursor($0, field, store) }
    var edges = Edges()
    while true {
      let children = cursors.map(\.child)
      let isImpossible = children[2] == .no
      let ends = cursors.map(\.upper)
      let end = isImpossible ? ends[2] : min(ends[0], ends[1], ends[2])
      let child =
        isImpossible
        ? absent : sequence(children[0], children[1], on: children[2], &memo)
      edges.append(end, child)
      if end == store.limits[field] { return store.node(field, edges) }
      for index in cursors.indices { cursors[index].move(behind: end, store) }
    }
  }
}

/// A place among the branches of a diagram by one field; a diagram that does not ask for the field
/// is one branch.
struct BranchCursor {
  private let diagram: Diagram
  private let splits: Bool
  private var index = 0
  private(set) var upper: UInt128
  private(set) var child: Diagram

  /// The first branch.
  init(_ diagram: Diagram, _ field: Int, _ store: DiagramStore) {
    self.diagram = diagram
    splits = store.field(diagram) == field
    upper = splits ? store.upper(diagram, 0) : store.limits[field]
    child = splits ? store.child(diagram, 0) : diagram
  }

  /// Goes on to the branch that has the value after `end`.
  ///
  /// - Requires: the field has such a value.
  /// - Complexity: O(log of the branches passed).
  mutating func move(behind end: UInt128, _ store: DiagramStore) {
    guard splits, upper <= end else { return }
    var step = 1
    let last = store.branchCount(diagram) - 1
    var low = index + 1
    while low + step <= last, store.upper(diagram, low + step - 1) <= end {
      low += step
      step *= 2
    }
    var high = min(low + step, last)
    while low < high {
      let middle = (low + high) / 2
      if store.upper(diagram, middle) <= end { low = middle + 1 } else { high = middle }
    }
    index = low
    upper = store.upper(diagram, index)
    child = store.child(diagram, index)
  }
}
