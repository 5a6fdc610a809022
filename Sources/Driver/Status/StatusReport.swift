import Host
import KernelForm
import Netfilter

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

  private enum CodingKeys: String, CodingKey { case version, loaded, applied, drift, counters }

  /// - Parameters:
  ///   - live: What the kernel has of ours.
  ///   - applied: The state that is to be in force.
  ///   - comparison: Of the kernel's rules with the policy.
  package init(_ live: LiveRules, applied: HistoryItem?, comparison: ComparisonReport?) {
    loaded = !live.kernel.tables.isEmpty
    self.applied = applied.flatMap(Applied.init)
    drift = comparison.map(Drift.init)
    counters = LineCounters(live.kernel).list
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
}
