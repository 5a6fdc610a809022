/// Conditions, and what is done where all of them hold.
package struct Rule: Hashable, Sendable {
  package var matches: [Match]
  package var actions: [Action]
  /// `nil` for rules that no single line asked for.
  package var origin: Origin?
  /// Why the rule is there, in a few words; ASCII letters, digits and ` .,:;()->_/`.
  package var comment: String?

  package init(
    _ matches: [Match] = [], _ actions: [Action], origin: Origin? = nil, comment: String? = nil
  ) {
    self.matches = matches
    self.actions = actions
    self.origin = origin
    self.comment = comment
  }
}
