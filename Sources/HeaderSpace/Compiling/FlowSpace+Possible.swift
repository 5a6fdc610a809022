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
    var left = store.cursor(first, field)
    var right = store.cursor(second, field)
    var possible = store.cursor(packets, field)
    let edges = store.newEdges()
    while true {
      let isImpossible = possible.child == .no
      let end = isImpossible ? possible.upper : min(left.upper, right.upper, possible.upper)
      let child =
        isImpossible ? absent : sequence(left.child, right.child, on: possible.child, &memo)
      store.append(end, child, to: edges)
      if end == store.limits[field] { return store.node(field, edges) }
      store.move(&left, behind: end)
      store.move(&right, behind: end)
      store.move(&possible, behind: end)
    }
  }
}
