import PolicyModel

/// How a policy is applied.
package struct ApplyOptions: Hashable, Sendable {
  /// After how many seconds the change is undone unless somebody confirms it; `nil` for never.
  package var confirmation: UInt64?
  /// Whether to cut the connection that the user works over.
  package var isForced: Bool
  /// Whether the machine is starting: then a disk that cannot be written is no reason to stop, and
  /// a policy that did not last the last time is not tried again.
  package var isBoot: Bool
  /// Whether to tell every change, however many there are.
  package var isVerbose: Bool

  package init(
    confirmation: UInt64? = nil, isForced: Bool = false, isBoot: Bool = false,
    isVerbose: Bool = false
  ) {
    self.isVerbose = isVerbose
    self.confirmation = confirmation
    self.isForced = isForced
    self.isBoot = isBoot
  }
}

/// A policy by numbers.
package struct LoadedPolicy: Hashable, Sendable {
  package let networks: Int
  package let publishes: Int
  package let flows: Int

  init(_ policy: Policy) {
    networks = policy.networks.count
    publishes = policy.publishes.count
    flows = policy.access.count
  }
}

/// What applying a policy came to.
package struct ApplyOutcome: Sendable {
  /// What was changed, in a policy's words; `nil` where nothing differed, or ``loaded`` tells it.
  package let effect: Effect?
  /// What was loaded to where nothing was before, if it is too much to be told line by line.
  package let loaded: LoadedPolicy?
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
