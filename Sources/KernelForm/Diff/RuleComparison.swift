import Netfilter

/// Compares the rules of two states of a table: counter values mean nothing, and anonymous sets,
/// which have other names each time, are compared by what they hold.
struct RuleComparison {
  /// Numbers of the anonymous sets by their names: equal contents have equal numbers.
  private let live: [String: Int]
  private let wanted: [String: Int]

  init(_ live: KernelTable, _ wanted: KernelTable) {
    var numbers: [AnonymousSet: Int] = [:]
    func numbered(_ table: KernelTable) -> [String: Int] {
      var result: [String: Int] = [:]
      for set in table.anonymousSets {
        let next = numbers.count
        let content = AnonymousSet(set)
        result[set.name] = numbers[content] ?? next
        numbers[content] = result[set.name]
      }
      return result
    }
    self.live = numbered(live)
    self.wanted = numbered(wanted)
  }

  /// Whether the rules do the same.
  func haveSameEffect(_ liveRule: KernelRule, _ wantedRule: KernelRule) -> Bool {
    let (left, right) = (liveRule.expressions, wantedRule.expressions)
    guard left.count == right.count else { return false }
    for index in left.indices where !isSame(left[index], right[index]) { return false }
    return true
  }

  private func isSame(_ left: Expression, _ right: Expression) -> Bool {
    if case .counter = left, case .counter = right { return true }
    if case .lookup(let leftSet, let leftKey, let leftData, let leftInverted) = left,
      case .lookup(let rightSet, let rightKey, let rightData, let rightInverted) = right
    {
      guard leftKey == rightKey, leftData == rightData, leftInverted == rightInverted else {
        return false
      }
      let numbers = (live[leftSet], wanted[rightSet])
      return numbers.0 == numbers.1 && (numbers.0 != nil || leftSet == rightSet)
    }
    return left == right
  }

  /// A value that equals another's exactly where the rules do the same.
  func effect(ofLive rule: KernelRule) -> RuleEffect { RuleEffect(rule, live) }
  func effect(ofWanted rule: KernelRule) -> RuleEffect { RuleEffect(rule, wanted) }
}

/// What a rule does.
struct RuleEffect: Hashable {
  private let expressions: [Expression]
  /// The numbers of the anonymous sets that it looks into, in order.
  private let contents: [Int]

  fileprivate init(_ rule: KernelRule, _ numbers: [String: Int]) {
    var contents: [Int] = []
    expressions = rule.expressions.map { expression in
      if case .counter = expression { return .counter(packets: 0, bytes: 0) }
      if case .lookup(let set, let key, let data, let inverted) = expression,
        let number = numbers[set]
      {
        contents.append(number)
        return .lookup(set: "", key: key, data: data, inverted: inverted)
      }
      return expression
    }
    self.contents = contents
  }
}

/// A set that is part of a rule: its kind and its elements in ascending order.
private struct AnonymousSet: Hashable {
  private let flags: SetFlags
  private let keyType: UInt32
  private let dataType: UInt32
  private let userdata: [UInt8]
  private let elements: [[UInt8]]
  private let verdicts: [Verdict]

  init(_ set: KernelSet) {
    flags = set.flags
    keyType = set.keyType
    dataType = set.dataType
    userdata = set.userdata
    let table = set.elements
    let rows = (0..<table.count).map { index -> (bytes: [UInt8], index: Int) in
      let end: UInt8 = table.endsInterval(at: index) ? 0 : 1
      return (Array(table.key(at: index)) + [end] + Array(table.value(at: index)), index)
    }.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
      .drop { row in
        // nft marks the room below the first interval by an end of its own; it says nothing.
        table.endsInterval(at: row.index) && set.flags.contains(.interval)
      }
    elements = rows.map(\.bytes)
    verdicts = table.verdicts.isEmpty ? [] : rows.map { table.verdicts[$0.index] }
  }
}

extension KernelRule {
  /// The sets that the rule reads or writes.
  var setNames: [String] {
    expressions.compactMap { expression in
      if case .lookup(let set, _, _, _) = expression { return set }
      if case .dynamicSet(_, let set, _, _, _) = expression { return set }
      return nil
    }
  }

  /// The rule with the counters of `old`, which does the same.
  func carryingCounters(of old: KernelRule) -> KernelRule {
    var rule = self
    for (index, expression) in old.expressions.enumerated() where index < expressions.count {
      guard case .counter = expression, case .counter = expressions[index] else { continue }
      rule.expressions[index] = expression
    }
    return rule
  }
}
