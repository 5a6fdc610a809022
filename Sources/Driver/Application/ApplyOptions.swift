/// How a policy is applied.
package struct ApplyOptions: Hashable, Sendable {
  /// After how many seconds the change is undone unless somebody confirms it; `nil` for never.
  package var confirmation: UInt64?
  /// Whether to cut the connection that the user works over.
  package var isForced: Bool
  /// Whether the machine is starting: then a disk that cannot be written is no reason to stop, and
  /// a policy that did not last the last time is not tried again.
  package var isBoot: Bool

  package init(confirmation: UInt64? = nil, isForced: Bool = false, isBoot: Bool = false) {
    self.confirmation = confirmation
    self.isForced = isForced
    self.isBoot = isBoot
  }
}

/// What applying a policy came to.
package struct ApplyOutcome: Sendable {
  /// What was changed, in a policy's words; `nil` where nothing differed.
  package let effect: Effect?
  /// The settings that were made.
  package let settings: [SysctlRecord]
  /// The settings of interfaces that are not there yet, each as `name = value`.
  package let missing: [String]
  /// The entry of the history; `nil` where nothing had changed, or nothing could be written.
  package let entry: Int?
  /// How many connections to removed or changed publishes were ended.
  package let endedConnections: Int
  /// What went wrong without keeping the rules from being in force.
  package let warnings: [String]
}
