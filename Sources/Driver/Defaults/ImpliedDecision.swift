package import Diagnostics

/// Something that a policy does not say and the language decides.
package struct ImpliedDecision: Hashable, Sendable, Encodable {
  /// What it is about: `policy`, `network front`, `publish tcp 80 -> front.web`.
  package let subject: String
  /// The setting: `icc`.
  package let setting: String
  /// The value that it has: `on`.
  package let value: String
  /// What that means for packets.
  package let meaning: String
  /// The line that the subject stands on; `nil` for the policy as a whole.
  package let location: Location?
}
