/// Connections of which two rulesets make something else.
package struct FlowChange: Hashable, Sendable {
  /// What is different.
  package enum Kind: Int, Hashable, Sendable, CaseIterable {
    case opened, closed
    /// Made before and after, but not to the same place, or not within the same limits, or not from
    /// the same source in the server's eyes.
    case changed
  }

  /// What becomes of the connections, where they are made.
  package struct Terms: Hashable, Sendable {
    package let target: String?
    package let conditions: [String]
    package let seenSource: String?
    package let reason: Reason?
  }

  package let kind: Kind
  /// The connections: as after the change, or as before it where they are closed.
  package let row: FlowRow
  /// What became of them before; only where they are changed.
  package let before: Terms?

  /// Whether something can be reached now that could not be before, or with fewer limits.
  ///
  /// A port that is published no longer is the host's own again, as it would be without any rules:
  /// that is not wider.
  package var isWider: Bool {
    switch kind {
    case .opened: return true
    case .closed: return false
    case .changed:
      guard let before else { return false }
      let leadsElsewhere = row.target != nil && before.target != row.target
      return leadsElsewhere || !Set(before.conditions).isSubset(of: row.conditions)
    }
  }
}
