package import Host
import KernelForm
package import Netfilter

/// What is in force on this host: what `status --format json` prints.
///
/// Fields are only ever added within one `version`.
package struct StatusReport: Hashable, Sendable, Encodable {
  /// The state that was applied, or gone back to, last.
  package struct Applied: Hashable, Sendable, Encodable {
    /// Its number in the history.
    package let number: Int
    /// When, as RFC 3339 has it.
    package let time: String
    package let backend: String
    package let policies: [String]
    /// Whether it was applied for good: without `--confirm`, or confirmed.
    package let confirmed: Bool
  }

  /// How the kernel's rules compare with a policy.
  package struct Drift: Hashable, Sendable, Encodable {
    package let policy: String
    /// Whether packets are treated as the policy says.
    package let same: Bool
    /// How many rules and elements differ.
    package let changedObjects: Int
    /// What somebody else put into our tables.
    package let foreign: [String]
  }

  package let version = 1
  /// Whether the kernel has a table of ours.
  package let loaded: Bool
  /// `nil` where nobody kept a record.
  package let applied: Applied?
  /// `nil` where no policy is there to compare with.
  package let drift: Drift?
  /// What was counted, by the lines of the policy.
  package let counters: [LineCounter]
  /// What was refused and logged, the most frequent first.
  package let denied: [DeniedFlow]
  /// Why nothing can be said about what was refused, though it is logged.
  package let deniedUnread: String?

  private enum CodingKeys: String, CodingKey {
    case version, loaded, applied, drift, counters, denied, deniedUnread
  }

  /// - Parameters:
  ///   - live: What the kernel has of ours.
  ///   - applied: The state that is to be in force.
  ///   - comparison: Of the kernel's rules with the policy.
  package init(
    _ live: LiveRules, applied: HistoryItem?, comparison: ComparisonReport?, denials: Denials
  ) {
    loaded = !live.kernel.tables.isEmpty
    self.applied = applied.flatMap(Applied.init)
    drift = comparison.map(Drift.init)
    counters = LineCounters(live.kernel).list
    (denied, deniedUnread) = (denials.list, denials.unread)
  }

  /// - Parameters:
  ///   - iptables: Asked for what is there of ours, and for counters.
  ///   - policy: What is to be in force, with its names.
  package init(
    _ iptables: IptablesLive, applied: HistoryItem?, policy: (name: String, rules: Ruleset)?,
    denials: Denials
  ) throws(IptablesError) {
    loaded = try !iptables.read().isEmpty
    self.applied = applied.flatMap(Applied.init)
    if let policy {
      drift = Drift(policy: policy.name, try iptables.compare(policy.rules))
    } else {
      drift = nil
    }
    counters = LineCounters(saved: try iptables.counted()).list
    (denied, deniedUnread) = (denials.list, denials.unread)
  }
}

/// What the kernel's log tells of refusals.
package struct Denials: Hashable, Sendable {
  let list: [DeniedFlow]
  let unread: String?

  /// - Parameters:
  ///   - namespace: Another one than the machine's own shares the log with it, so that only what
  ///     passed interfaces of its names is told.
  ///   - messages: Reads the log.
  package init(
    _ log: DenialLog, in namespace: NetworkNamespaceIdentity, system: SystemFacts = SystemFacts(),
    messages: () throws(HostError) -> [String]
  ) {
    do throws(HostError) {
      let interfaces = namespace.isHome ? nil : system.interfaces
      list = DeniedFlows(try messages(), of: log, interfaces: interfaces).list
      unread = nil
    } catch {
      list = []
      unread = log.isOn ? "\(error)" : nil
    }
  }
}

extension StatusReport.Applied {
  /// `nil` where the entry is damaged.
  fileprivate init?(_ item: HistoryItem) {
    guard let header = item.header else { return nil }
    number = item.number
    time = "\(header.time)"
    backend = header.backend.rawValue
    policies = header.policies
    confirmed = item.isConfirmed
  }
}

extension StatusReport.Drift {
  fileprivate init(_ report: ComparisonReport) {
    policy = report.after
    same = report.same
    changedObjects = report.changedObjects
    foreign = report.foreign
  }

  fileprivate init(policy: String, _ comparison: IptablesComparison) {
    self.policy = policy
    same = comparison.isSame
    changedObjects = comparison.tables.reduce(0) { sum, table in
      sum + table.calls.count + table.chains.reduce(0) { $0 + $1.changes.count }
    }
    foreign = comparison.drift
  }
}
