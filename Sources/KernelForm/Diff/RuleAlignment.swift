/// The rules of one chain, before and after: which stay, which are added, and where.
struct RuleAlignment {
  /// A rule to add.
  struct Addition {
    let rule: KernelRule
    let place: RulePlace
  }

  /// The handles of the rules that are not touched.
  private(set) var keptHandles: [UInt64] = []
  /// In the order in which they are to be added.
  private(set) var additions: [Addition] = []

  /// - Parameters:
  ///   - old: the rules that stand, or stood in a chain that goes: they lend their counters.
  ///   - canStay: whether rules of `old` can stay at all.
  ///   - reshapedSets: rules that name one of these cannot stay.
  init(
    from old: [KernelRule], to wanted: [KernelRule], comparison: RuleComparison, canStay: Bool,
    reshapedSets: Set<String>
  ) {
    let partners = RulePairing(old, wanted, comparison).partners
    var next: UInt64?
    for index in wanted.indices.reversed() {
      let rule = wanted[index]
      let partner = partners[index].map { old[$0.index] }
      if let partner, let handle = partner.handle, canStay, partners[index]?.isInPlace == true,
        partner.comment == rule.comment,
        reshapedSets.isEmpty || reshapedSets.isDisjoint(with: rule.setNames)
      {
        keptHandles.append(handle)
        next = handle
      } else {
        additions.append(
          Addition(
            rule: partner.map(rule.carryingCounters) ?? rule,
            place: next.map { .before(handle: $0) } ?? .last))
      }
    }
    additions.reverse()
  }
}

/// For each wanted rule the old one that does the same, if there is one.
private struct RulePairing {
  struct Partner {
    let index: Int
    /// Whether it stands in the same order among its like.
    let isInPlace: Bool
  }

  private(set) var partners: [Partner?]
  private let old: [KernelRule]
  private let wanted: [KernelRule]

  init(_ old: [KernelRule], _ wanted: [KernelRule], _ comparison: RuleComparison) {
    self.old = old
    self.wanted = wanted
    partners = Array(repeating: nil, count: wanted.count)
    func areSame(_ left: KernelRule, _ right: KernelRule) -> Bool {
      left.comment == right.comment && comparison.haveSameEffect(left, right)
    }
    let shorter = min(old.count, wanted.count)
    var start = 0
    while start < shorter, areSame(old[start], wanted[start]) {
      join(start, start)
      start += 1
    }
    var tail = 0
    while tail < shorter - start,
      areSame(old[old.count - 1 - tail], wanted[wanted.count - 1 - tail])
    {
      join(old.count - 1 - tail, wanted.count - 1 - tail)
      tail += 1
    }
    pair(start..<(old.count - tail), start..<(wanted.count - tail), comparison)
  }

  private mutating func join(_ oldIndex: Int, _ index: Int, inPlace: Bool = true) {
    partners[index] = Partner(index: oldIndex, isInPlace: inPlace)
  }

  /// Pairs rules that are equal, then between those the ones that differ in their comment only,
  /// then, for their counters, those that moved.
  private mutating func pair(
    _ oldRange: Range<Int>, _ range: Range<Int>, _ comparison: RuleComparison
  ) {
    guard !oldRange.isEmpty, !range.isEmpty else { return }
    var effects = Numbering<RuleEffect>()
    let oldEffects = oldRange.map { effects.number(of: comparison.effect(ofLive: old[$0])) }
    let newEffects = range.map { effects.number(of: comparison.effect(ofWanted: wanted[$0])) }
    var rules = Numbering<CommentedEffect>()
    let oldRules = oldRange.map { index in
      rules.number(of: CommentedEffect(oldEffects[index - oldRange.lowerBound], old[index]))
    }
    let newRules = range.map { index in
      rules.number(of: CommentedEffect(newEffects[index - range.lowerBound], wanted[index]))
    }
    var lastOld = 0
    var last = 0
    let ends = [(old: oldRules.count, new: newRules.count)]
    for equal in commonSubsequence(oldRules[...], newRules[...]) + ends {
      let similar = commonSubsequence(oldEffects[lastOld..<equal.old], newEffects[last..<equal.new])
      for pair in similar { join(oldRange.lowerBound + pair.old, range.lowerBound + pair.new) }
      (lastOld, last) = (equal.old + 1, equal.new + 1)
      guard equal.new < newRules.count else { continue }
      join(oldRange.lowerBound + equal.old, range.lowerBound + equal.new)
    }
    pairMoved(oldEffects, newEffects, oldRange.lowerBound, range.lowerBound)
  }

  private mutating func pairMoved(
    _ oldEffects: [Int], _ newEffects: [Int], _ oldStart: Int, _ start: Int
  ) {
    var isTaken = Array(repeating: false, count: oldEffects.count)
    for index in newEffects.indices {
      if let partner = partners[start + index] { isTaken[partner.index - oldStart] = true }
    }
    var free: [Int: [Int]] = [:]
    for index in oldEffects.indices.reversed() where !isTaken[index] {
      free[oldEffects[index], default: []].append(index)
    }
    for index in newEffects.indices where partners[start + index] == nil {
      guard let source = free[newEffects[index]]?.popLast() else { continue }
      join(oldStart + source, start + index, inPlace: false)
    }
  }
}

/// A rule's effect, by its number, and its comment.
private struct CommentedEffect: Hashable {
  private let effect: Int
  private let comment: String?

  init(_ effect: Int, _ rule: KernelRule) {
    self.effect = effect
    comment = rule.comment
  }
}

/// Gives equal values equal numbers.
private struct Numbering<Value: Hashable> {
  private var numbers: [Value: Int] = [:]

  mutating func number(of value: Value) -> Int {
    if let number = numbers[value] { return number }
    numbers[value] = numbers.count
    return numbers.count - 1
  }
}
