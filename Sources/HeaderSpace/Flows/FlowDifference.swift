import NetworkTypes

/// What changes for connections where one ruleset takes the place of another: empty if and only if
/// both mean the same.
///
/// A network that only one of the policies declares is nowhere to the other.
package struct FlowDifference: Sendable {
  /// Whose connections are compared.
  package enum Scope: Hashable, Sendable {
    case everybody
    /// What comes from the world.
    case world
  }

  package let changes: [FlowChange]

  package init(
    from before: Installation, to after: Installation, scope: Scope = .everybody
  ) {
    changes = Self.arranged(
      AddressFamily.allCases.flatMap { family in
        var comparison = FamilyComparison(before, after, family)
        return comparison.changes(scope)
      })
  }

  /// By kind, and within one as ``FlowRow/arranged(_:)`` has it.
  private static func arranged(_ changes: [FlowChange]) -> [FlowChange] {
    FlowChange.Kind.allCases.flatMap { kind in
      var rows: [FlowChange.Terms?: [FlowRow]] = [:]
      var order: [FlowChange.Terms?] = []
      for change in changes where change.kind == kind {
        if rows[change.before] == nil { order.append(change.before) }
        rows[change.before, default: []].append(change.row)
      }
      return order.flatMap { before in
        FlowRow.arranged(rows[before] ?? []).map {
          FlowChange(kind: kind, row: $0, before: before)
        }
      }
    }
  }
}

/// The comparison of two rulesets for one family.
private struct FamilyComparison {
  private let family: AddressFamily
  private let before: Installation
  private let after: Installation
  private let site: Site
  private var space: FlowSpace
  private var table = LabelTable<FateChange>()

  init(_ before: Installation, _ after: Installation, _ family: AddressFamily) {
    self.family = family
    self.before = before
    self.after = after
    site = after.site.union(before.site)
    space = FlowSpace(
      family, sites: [after.site, before.site], rulesets: [before.ruleset, after.ruleset])
  }

  mutating func changes(_ scope: FlowDifference.Scope) -> [FlowChange] {
    let loose = looseWays()
    let old = reach(before, foreign: before.site.foreign(after.site), loose)
    let new = reach(after, foreign: after.site.foreign(before.site), loose)
    var labels = difference(old, new)
    if scope == .world { labels = fromWorld(labels) }
    let groups = space.groups(labels, site)
    if groups.isEmpty { return [] }
    let zones = AddressZones(site, family, foreign: [])
    let lists = after.lists + before.lists
    var writer = RowWriter(site, lists: lists, zones, &space)
    return groups.flatMap { group in rows(group, &writer) }
  }

  /// The host's addresses are the same before and after, whoever named them.
  private func ownSite(_ installation: Installation) -> Site {
    var own = installation.site
    own.ownAddresses = site.ownAddresses
    return own
  }

  private mutating func reach(
    _ installation: Installation, foreign: [AddressRange], _ loose: Diagram
  ) -> Diagram {
    space.reach(
      installation.ruleset, on: ownSite(installation), foreign: foreign, loose: loose)
  }

  /// The ways in by which the same senders come before and after, or none on one side.
  private mutating func looseWays() -> Diagram {
    let senders = [(before, after), (after, before)].map { own, other in
      let site = ownSite(own)
      let zones = AddressZones(site, family, foreign: own.site.foreign(other.site))
      return Validity(site: site, zones: zones).senders(&space)
    }
    let ways = space.interfaces.ways.indices.map { UInt128($0) }.filter { way in
      let parts = senders.map { space.store.descend($0, HeaderField.input, way) }
      return parts[0] == parts[1] || parts.contains(.no)
    }
    return space.store.condition(HeaderField.input, ways.map { Interval($0) }.united)
  }

  private mutating func difference(_ old: Diagram, _ new: Diagram) -> Diagram {
    let outcomes = space.outcomes
    var table = self.table
    let none = Diagram(constant: FlowLabel.none)
    let forged = space.forged
    let result = space.store.merged(old, new) { left, right in
      if left == forged || right == forged { return Diagram(constant: FlowLabel.absent) }
      if left == right, !left.isConstant { return none }
      guard let mine = left.constant, let theirs = right.constant else { return nil }
      return Self.label(outcomes[mine], outcomes[theirs], outcomes, &table)
    }
    self.table = table
    return result
  }

  private static func label(
    _ old: Outcome, _ new: Outcome, _ outcomes: OutcomeTable,
    _ table: inout LabelTable<FateChange>
  ) -> Diagram {
    if old.step == .absent, new.step == .absent { return Diagram(constant: FlowLabel.absent) }
    let before = old.isOpen ? Fate(old, withSource: true, outcomes) : nil
    let after = new.isOpen ? Fate(new, withSource: true, outcomes) : nil
    switch (before, after) {
    case (nil, nil): return Diagram(constant: FlowLabel.none)
    case (let before?, let after?):
      if before.isLike(after) { return Diagram(constant: FlowLabel.none) }
    case (nil, _), (_, nil): break
    }
    // The source is told where nothing else tells the two apart.
    let isSource =
      before?.target == after?.target && before?.conditions == after?.conditions
    return table.diagram(
      FateChange(
        before: old.isOpen ? Fate(old, withSource: isSource, outcomes) : nil,
        after: new.isOpen ? Fate(new, withSource: isSource, outcomes) : nil))
  }

  private mutating func fromWorld(_ labels: Diagram) -> Diagram {
    let ways = space.interfaces.ways.indices.filter { index in
      switch space.interfaces.ways[index] {
      case .named, .other, .port: true
      case .host, .network: false
      }
    }
    let condition = space.store.condition(
      HeaderField.input, ways.map { Interval(UInt128($0)) }.united)
    return space.store.masked(labels, by: condition, else: Diagram(constant: FlowLabel.none))
  }

  private mutating func rows(_ group: FlowGroup, _ writer: inout RowWriter) -> [FlowChange] {
    let change = table[group.label]
    guard let after = change.after else {
      guard let before = change.before else { return [] }
      return writer.rows(group, before, &space).map {
        FlowChange(kind: .closed, row: $0, before: nil)
      }
    }
    let rows = writer.rows(group, after, &space)
    guard let before = change.before else {
      return rows.map { FlowChange(kind: .opened, row: $0, before: nil) }
    }
    let terms = FlowChange.Terms(
      target: writer.target(before, group, space),
      conditions: space.outcomes.conditionLists[Int(before.conditions)],
      seenSource: writer.seenSource(before, space), reason: writer.reason(before, space))
    return rows.map { FlowChange(kind: .changed, row: $0, before: terms) }
  }
}
