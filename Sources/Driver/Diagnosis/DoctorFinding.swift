/// One thing that keeps a policy from working, or may.
package struct DoctorFinding: Hashable, Sendable, Encodable {
  /// What kind of thing it is; a name for programs.
  package enum Kind: String, CaseIterable, Hashable, Sendable, Encodable {
    case addressMissing = "address-missing"
    case bridgeFilterOn = "bridge-filter-on"
    case capabilityMissing = "capability-missing"
    case foreignDrop = "foreign-drop"
    case foreignRedirect = "foreign-redirect"
    case foreignRewrite = "foreign-rewrite"
    case foreignUnclear = "foreign-unclear"
    case foreignUnread = "foreign-unread"
    case forwardingOff = "forwarding-off"
    case interfaceMissing = "interface-missing"
    case mixedTools = "mixed-tools"
    case mtuTooLarge = "mtu-too-large"
    case portTaken = "port-taken"
    case reversePathFilter = "reverse-path-filter"
    case rulesFlushedAtBoot = "rules-flushed-at-boot"
    case settingMissing = "setting-missing"
    case tablesMissing = "tables-missing"
  }

  /// Whether something does not work, or is just worth knowing.
  package enum Gravity: String, CaseIterable, Hashable, Sendable, Encodable {
    case problem, note
  }

  package let kind: Kind
  package let gravity: Gravity
  /// One sentence.
  package let what: String
  /// What was seen, each a line.
  package let evidence: [String]
  /// What to do, each a line: sentences, or commands that start with `$ `.
  package let mend: [String]

  /// A problem.
  init(_ kind: Kind, _ what: String, evidence: [String], mend: [String]) {
    self.init(kind, .problem, what, evidence: evidence, mend: mend)
  }

  init(
    _ kind: Kind, _ gravity: Gravity, _ what: String, evidence: [String],
    mend: [String]
  ) {
    self.kind = kind
    self.gravity = gravity
    self.what = what
    self.evidence = evidence
    self.mend = mend
  }
}

/// All findings: what `--format json` prints.
///
/// Fields are only ever added within one `version`.
package struct DoctorReport: Hashable, Sendable, Encodable {
  package let version = 1
  package let problems: Int
  package let notes: Int
  package let findings: [DoctorFinding]

  private enum CodingKeys: String, CodingKey { case version, problems, notes, findings }

  init(_ findings: [DoctorFinding]) {
    // Problems first; what is equally grave stays in the order of the checks.
    self.findings =
      findings.filter { $0.gravity == .problem } + findings.filter { $0.gravity == .note }
    problems = findings.count { $0.gravity == .problem }
    notes = findings.count - problems
  }
}
