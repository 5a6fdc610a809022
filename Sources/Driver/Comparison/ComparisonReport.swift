/// A comparison as plain data: what `diff` prints, as text and as JSON.
///
/// Fields are only ever added within one `version`.
package struct ComparisonReport: Hashable, Sendable, Encodable {
  /// A difference in a policy's words.
  package struct Change: Hashable, Sendable, Encodable {
    /// `network`, `publish` or `flow`.
    package let subject: String
    /// `added`, `removed` or `changed`.
    package let action: String
    package let before: Side?
    package let after: Side?
  }

  /// One of the two states.
  package struct Side: Hashable, Sendable, Encodable {
    package let words: String
    /// `file:line`.
    package let location: String?
  }

  /// What differs in one set, map or chain.
  package struct Object: Hashable, Sendable, Encodable {
    /// `inet` or `bridge`.
    package let table: String
    /// `chain forward`.
    package let object: String
    package let lines: [Line]
  }

  /// A line of a set, map or chain in nft's words.
  package struct Line: Hashable, Sendable, Encodable {
    /// `kept`, `removed` or `added`.
    package let action: String
    package let text: String
  }

  /// A kernel setting that would change.
  package struct Sysctl: Hashable, Sendable, Encodable {
    /// In the form of sysctl(8): with dots.
    package let name: String
    package let before: String?
    package let after: String
    package let reason: String
  }

  package let version = 1
  /// What is compared: a file's name, or `live`.
  package let before: String
  package let after: String
  /// Whether packets are treated alike.
  package let same: Bool
  package let changes: [Change]
  /// How many rules and elements change for packets.
  package let changedObjects: Int
  /// How many only come from another line of the policy.
  package let movedObjects: Int
  /// Object by object, where that was asked for.
  package let rules: [Object]?
  package let sysctls: [Sysctl]
  /// The publishes whose connections would be cut, in a policy's words.
  package let cutConnections: [String]
  /// What stands in our tables and no policy of ours asked for.
  package let foreign: [String]

  private enum CodingKeys: String, CodingKey {
    case version, before, after, same, changes, changedObjects, movedObjects, rules, sysctls
    case cutConnections, foreign
  }

  package init(
    _ effect: Effect, before: String, after: String, withRules: Bool,
    sysctls: [SysctlChange]
  ) {
    self.before = before
    self.after = after
    same = effect.isSame && sysctls.isEmpty
    changes = effect.changes.list.map(Change.init)
    changedObjects = effect.changedCount
    movedObjects = effect.movedCount
    rules = withRules ? effect.ruleDifferences.map(Object.init) : nil
    self.sysctls = sysctls.map(Sysctl.init)
    cutConnections = effect.changes.cut.map(\.words)
    foreign = effect.foreign
  }
}

extension ComparisonReport {
  /// Two policies, compared; of kernel settings those that the second needs and the first does not.
  package init(
    from before: Comparison.State, named beforeName: String, to after: Comparison.State,
    named afterName: String, withRules: Bool
  ) {
    let sysctls = before.policy.flatMap { old in after.policy?.sysctlChanges(from: old) } ?? []
    self.init(
      Comparison(from: before, to: after).effect, before: beforeName, after: afterName,
      withRules: withRules, sysctls: sysctls)
  }
}

extension ComparisonReport {
  /// The kernel's rules, compared with a policy.
  package init(
    from live: LiveRules, to after: Comparison.State, named name: String, withRules: Bool,
    sysctls: [SysctlChange]
  ) {
    self.init(
      Comparison(from: Comparison.State(live: live.kernel), to: after).effect, before: "live",
      after: name, withRules: withRules, sysctls: sysctls)
  }
}

extension ComparisonReport.Change {
  fileprivate init(_ change: PolicyChange) {
    subject = change.subject.rawValue
    action = change.before == nil ? "added" : change.after == nil ? "removed" : "changed"
    before = change.before.map(ComparisonReport.Side.init)
    after = change.after.map(ComparisonReport.Side.init)
  }
}

extension ComparisonReport.Side {
  fileprivate init(_ side: PolicyChange.Side) {
    words = side.words
    location = side.location
  }
}

extension ComparisonReport.Object {
  fileprivate init(_ difference: RuleDifference) {
    table = difference.table
    object = difference.object
    lines = difference.lines.map { line in
      switch line {
      case .kept(let text): ComparisonReport.Line(action: "kept", text: text)
      case .removed(let text): ComparisonReport.Line(action: "removed", text: text)
      case .added(let text): ComparisonReport.Line(action: "added", text: text)
      }
    }
  }
}

extension ComparisonReport.Sysctl {
  fileprivate init(_ change: SysctlChange) {
    name = dotted(change.name)
    before = change.before
    after = change.after
    reason = change.reason
  }
}

/// The form of sysctl(8): dots between the parts, and a slash for a dot in an interface's name.
func dotted(_ name: String) -> String {
  String(
    decoding: name.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "/"): UInt8(ascii: ".")
      case UInt8(ascii: "."): UInt8(ascii: "/")
      default: byte
      }
    }, as: UTF8.self)
}
