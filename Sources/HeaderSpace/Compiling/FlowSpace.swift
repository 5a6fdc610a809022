package import Netfilter
package import NetworkTypes

/// The headers of one family, and what rules make of them.
///
/// Rulesets that are to be compared are compiled in one space.
package struct FlowSpace: Sendable {
  package let family: AddressFamily
  package let interfaces: InterfaceSpace
  package internal(set) var store: DiagramStore
  package internal(set) var outcomes = OutcomeTable()
  /// The bits of the mark that rules use, lowest first.
  let markBits: [UInt32]
  /// Goes on with the next rule, nothing changed.
  let next: Diagram
  /// There is no such packet.
  package let absent: Diagram
  /// There is no such packet, for nobody sends by this way from this source.
  let forged: Diagram

  /// A space for all that these rulesets and sites tell apart.
  package init(_ family: AddressFamily, sites: [Site], rulesets: [Ruleset]) {
    self.family = family
    interfaces = InterfaceSpace(sites, rulesets)
    let bits = rulesets.reduce(0) { $0 | $1.markBits }
    markBits = (0..<32).map { UInt32(1) << UInt32($0) }.filter { bits & $0 != 0 }
    store = DiagramStore(
      limits: HeaderField.limits(family, interfaces, markBits: markBits.count))
    next = outcomes.diagram(Outcome(.next))
    absent = outcomes.diagram(Outcome(.absent))
    var forgery = Outcome(.absent)
    forgery.mark = 1
    forged = outcomes.diagram(forgery)
  }

  mutating func constant(_ step: Outcome.Step, _ reason: Reason? = nil) -> Diagram {
    var outcome = Outcome(step)
    if let reason { outcome.reason = outcomes.number(of: reason) }
    return outcomes.diagram(outcome)
  }
}

extension FlowSpace {
  /// What `second` makes of the packets that `first` lets go on.
  mutating func sequence(_ first: Diagram, _ second: Diagram) -> Diagram {
    var memo = DiagramMemo()
    return sequence(first, second, &memo)
  }

  private mutating func sequence(
    _ first: Diagram, _ second: Diagram, _ memo: inout DiagramMemo
  ) -> Diagram {
    if first == next { return second }
    if second == next { return first }
    if let known = memo[first, second] { return known }
    let result: Diagram
    if let number = first.constant {
      result = following(outcomes[number], first, second)
    } else {
      let field = min(store.field(first), min(store.field(second), HeaderField.marks))
      result =
        field >= HeaderField.marks
        ? sequenceByMark(first, second, &memo) : sequence(first, second, at: field, &memo)
    }
    memo[first, second] = result
    return result
  }

  private mutating func sequence(
    _ first: Diagram, _ second: Diagram, at field: Int, _ memo: inout DiagramMemo
  ) -> Diagram {
    var left = store.cursor(first, field)
    var right = store.cursor(second, field)
    let edges = store.newEdges()
    while true {
      let end = min(left.upper, right.upper)
      store.append(end, sequence(left.child, right.child, &memo), to: edges)
      if end == store.limits[field] { return store.node(field, edges) }
      store.move(&left, behind: end)
      store.move(&right, behind: end)
    }
  }

  /// The first part may set bits that the second asks for, so the second is not split with it.
  private mutating func sequenceByMark(
    _ first: Diagram, _ second: Diagram, _ memo: inout DiagramMemo
  ) -> Diagram {
    let field = store.field(first)
    let edges = store.newEdges()
    for branch in store.branches(first, field) {
      let whole = sequence(branch.child, second, &memo)
      store.append(
        branch.interval.upper, store.fixed(whole, field, branch.interval.lower), to: edges)
    }
    return store.node(field, edges)
  }

  private mutating func following(
    _ outcome: Outcome, _ constant: Diagram, _ second: Diagram
  ) -> Diagram {
    switch outcome.step {
    case .back, .accept, .done, .drop, .reject, .absent: return constant
    case .next: break
    }
    var rest = second
    for (index, bit) in markBits.enumerated() where outcome.markMask & bit != 0 {
      rest = store.fixed(rest, HeaderField.marks + index, outcome.mark & bit == 0 ? 0 : 1)
    }
    return annotated(rest, after: outcome)
  }

  /// `diagram` for packets that `first` happened to before.
  mutating func annotated(_ diagram: Diagram, after first: Outcome) -> Diagram {
    changed(diagram) { outcomes, outcome in outcomes.sequence(first, outcome) }
  }

  /// The same function with other outcomes.
  mutating func changed(
    _ diagram: Diagram, _ change: (inout OutcomeTable, Outcome) -> Outcome
  ) -> Diagram {
    var table = OutcomeTable()
    swap(&table, &outcomes)
    defer { swap(&table, &outcomes) }
    return store.mapped(diagram) { constant in
      guard let number = constant.constant else { return constant }
      let outcome = table[number]
      let changed = change(&table, outcome)
      return changed == outcome ? constant : table.diagram(changed)
    }
  }

  /// All parts, one after the other.
  ///
  /// - Complexity: O(size · log parts), where the parts concern different packets.
  mutating func sequence(of parts: ArraySlice<Diagram>) -> Diagram {
    guard parts.count > 1 else { return parts.first ?? next }
    let middle = parts.startIndex + parts.count / 2
    let first = sequence(of: parts[..<middle])
    return sequence(first, sequence(of: parts[middle...]))
  }
}
