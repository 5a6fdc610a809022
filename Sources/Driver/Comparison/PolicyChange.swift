/// One difference in a policy's own words.
package struct PolicyChange: Hashable, Sendable {
  /// What it is about; in the order in which differences are told.
  package enum Subject: String, CaseIterable, Hashable, Sendable {
    case network, publish, flow
  }

  /// One of the two states.
  package struct Side: Hashable, Sendable {
    /// `publish tcp 198.51.100.1:8080 -> web 172.18.0.10:80`
    package let words: String
    /// `file:line`; `nil` where the comments of the rules do not say.
    package let location: String?
  }

  package let subject: Subject
  /// `nil` where it is new.
  package let before: Side?
  /// `nil` where it is gone.
  package let after: Side?
}
