/// The fewest steps from `live` to `wanted`, in an order that the kernel takes.
///
/// A rule that stays as it is keeps its handle and counters; one that has to be added again, because
/// its comment or a set that it names changed, takes its counters along. What packets put into sets
/// stays. Orders of tables, sets, chains and elements mean nothing and are not compared.
/// - Requires: the tables of `live` are ours to change; each table has names once.
/// - Complexity: O(n log n) in rules; linear in elements of sets of exact keys, O(n log n) in
///   intervals.
package func plan(from live: KernelRuleset, to wanted: KernelRuleset) -> Plan {
  var plan = Plan()
  for table in wanted.tables {
    guard let standing = live.tables.first(where: { $0.path == table.path }) else {
      plan.operations.append(.addTable(table.emptied))
      plan.change(KernelTable(emptyLike: table), to: table)
      continue
    }
    if standing.isReplaced(by: table) {
      plan.operations.append(.deleteTable(table.family, name: table.name))
      plan.operations.append(.addTable(table.emptied))
      plan.change(KernelTable(emptyLike: table), to: table, remembering: standing)
    } else {
      plan.change(standing, to: table)
    }
  }
  for table in live.tables where !wanted.tables.contains(where: { $0.path == table.path }) {
    plan.operations.append(.deleteTable(table.family, name: table.name))
  }
  return plan
}

extension Plan {
  fileprivate mutating func change(
    _ live: KernelTable, to wanted: KernelTable, remembering old: KernelTable? = nil
  ) {
    let planner = TablePlanner(from: live, to: wanted, remembering: old ?? live)
    operations += planner.operations()
  }
}

extension KernelTable {
  /// The table by its family and name.
  package var path: TablePath { TablePath(family, name) }

  /// The table without its contents.
  fileprivate var emptied: KernelTable {
    var table = KernelTable(emptyLike: self)
    table.comment = comment
    table.flags = flags
    return table
  }

  fileprivate init(emptyLike table: KernelTable) {
    self.init(family: table.family, name: table.name)
  }

  /// Whether what differs cannot be changed in the standing table: a comment is written once, and
  /// strangers go with their table only.
  fileprivate func isReplaced(by wanted: KernelTable) -> Bool {
    comment != wanted.comment || flags != wanted.flags || !strangers.isEmpty
  }
}
