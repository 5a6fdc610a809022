import NetworkTypes

/// A comparison with iptables as plain data: what `diff --backend iptables --format json` prints.
///
/// Fields are only ever added within one `version`.
package struct IptablesReport: Hashable, Sendable, Encodable {
  /// What differs at one place.
  package struct Section: Hashable, Sendable, Encodable {
    /// `iptables` or `ip6tables`.
    package let command: String
    package let table: String
    /// A chain of ours; `nil` for the calls from built-in chains.
    package let chain: String?
    /// `added`, `removed` or `changed`.
    package let fate: String
    package let lines: [Line]
  }

  /// A line that goes or comes.
  package struct Line: Hashable, Sendable, Encodable {
    /// `removed` or `added`.
    package let action: String
    package let text: String
  }

  package let version = 1
  package let same: Bool
  /// What somebody else changed in our chains.
  package let drift: [String]
  package let sections: [Section]

  private enum CodingKeys: String, CodingKey { case version, same, drift, sections }

  package init(_ comparison: IptablesComparison) {
    same = comparison.isSame
    drift = comparison.drift
    sections = comparison.tables.flatMap(Self.sections)
  }

  private static func sections(_ table: IptablesComparison.Table) -> [Section] {
    let command = table.family == .ipv4 ? "iptables" : "ip6tables"
    var result: [Section] = []
    if !table.calls.isEmpty {
      result.append(
        Section(
          command: command, table: table.table, chain: nil, fate: "changed",
          lines: table.calls.flatMap(lines)))
    }
    return result
      + table.chains.map { chain in
        Section(
          command: command, table: table.table, chain: chain.name, fate: chain.fate.rawValue,
          lines: chain.changes.flatMap(lines))
      }
  }

  private static func lines(_ change: IptablesComparison.Change) -> [Line] {
    switch change {
    case .added(let text): [Line(action: "added", text: text)]
    case .removed(let text): [Line(action: "removed", text: text)]
    case .changed(let old, let new):
      [Line(action: "removed", text: old), Line(action: "added", text: new)]
    }
  }
}
