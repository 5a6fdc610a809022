import NetworkTypes

/// Who can reach what: every connection that the rules let through, exactly.
///
/// New connections from senders' own addresses are asked about, unicast only; their answers follow
/// them. A row with a limit holds for connections within it.
package struct Exposure: Sendable {
  package let rows: [FlowRow]

  /// - Complexity: O(n log n) in the size of the ruleset, where its chains are short.
  package init(_ installation: Installation) {
    rows = FlowRow.arranged(
      AddressFamily.allCases.flatMap { Self.rows(installation, $0) })
  }

  private static func rows(_ installation: Installation, _ family: AddressFamily) -> [FlowRow] {
    let site = installation.site
    var space = FlowSpace(family, sites: [site], rulesets: [installation.ruleset])
    let reach = space.reach(installation.ruleset, on: site, foreign: [], loose: .yes)
    var table = LabelTable<Fate>()
    let outcomes = space.outcomes
    let labels = space.store.mapped(reach) { constant in
      guard let number = constant.constant else { return constant }
      let outcome = outcomes[number]
      if outcome.step == .absent { return Diagram(constant: FlowLabel.absent) }
      guard outcome.isOpen else { return Diagram(constant: FlowLabel.none) }
      return table.diagram(Fate(outcome, withSource: false, outcomes))
    }
    let groups = space.groups(labels, site)
    let zones = AddressZones(site, family, foreign: [])
    var writer = RowWriter(site, lists: installation.lists, zones, &space)
    return groups.flatMap { writer.rows($0, table[$0.label], &space) }
  }
}

extension FlowSpace {
  /// The groups of a function with labels.
  mutating func groups(_ labels: Diagram, _ site: Site) -> [FlowGroup] {
    let hole = Diagram(constant: FlowLabel.absent)
    let bySource = unasked(labels, HeaderField.source, hole: hole)
    let plain = unasked(bySource, HeaderField.exit, hole: hole)
    var grouping = FlowGrouping(AddressZones(site, family, foreign: []))
    return grouping.groups(plain, &self)
  }
}
