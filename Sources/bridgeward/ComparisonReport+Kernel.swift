import Driver
import Host

extension ComparisonReport {
  /// What a policy would change on this host, its kernel settings included.
  init(
    from live: LiveRules, to wanted: Comparison.State, named name: String, withRules: Bool
  ) throws {
    let store = SysctlStore()
    let settings = try wanted.policy?.sysctlChanges { name throws(HostError) in
      try store.valueIfPresent(of: name)
    }
    self.init(
      from: live, to: wanted, named: name, withRules: withRules, sysctls: settings ?? [])
  }
}
