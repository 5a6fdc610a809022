/// What becomes of a connection, as far as it is told: numbers of an ``OutcomeTable``.
struct Fate: Hashable {
  let reason: Int32
  let target: Int32
  let conditions: Int32
  let source: Int32

  /// - Parameter withSource: whether it matters what the server sees as source.
  init(_ outcome: Outcome, withSource: Bool, _ outcomes: OutcomeTable) {
    let reason = outcome.target >= 0 ? outcome.mapping : outcome.reason
    let isLine = reason >= 0 && outcomes.reasons[Int(reason)].origin != nil
    self.reason = isLine ? reason : -1
    target = outcome.target
    conditions = outcome.conditions
    source = withSource ? outcome.source : -1
  }

  /// Whether a connection comes to the same, whichever line says so.
  func isLike(_ other: Fate) -> Bool {
    target == other.target && conditions == other.conditions && source == other.source
  }
}

/// What two rulesets make of a connection, where they differ.
struct FateChange: Hashable {
  /// `nil` where no connection is made.
  let before: Fate?
  let after: Fate?
}

/// Numbers for what is told of groups.
struct LabelTable<Label: Hashable> {
  private(set) var labels: [Label] = []
  private var numbers: [Label: Int] = [:]

  /// The constant diagram of a label.
  mutating func diagram(_ label: Label) -> Diagram {
    if let number = numbers[label] { return Diagram(constant: number) }
    let number = labels.count + FlowLabel.first
    labels.append(label)
    numbers[label] = number
    return Diagram(constant: number)
  }

  subscript(number: Int) -> Label { labels[number - FlowLabel.first] }
}
