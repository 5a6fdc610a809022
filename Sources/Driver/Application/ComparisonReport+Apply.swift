extension ComparisonReport {
  /// What was changed, in the form in which `diff` shows what would be; `nil` where nothing was.
  package init?(_ outcome: ApplyOutcome, named name: String) {
    guard let effect = outcome.effect else { return nil }
    self.init(
      effect, before: "live", after: name, withRules: false,
      sysctls: outcome.settings.map { record in
        SysctlChange(
          name: record.name, before: record.before, after: record.value,
          reason: "the policy needs it")
      })
  }
}
