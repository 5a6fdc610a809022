package import Netfilter
package import NetworkTypes

/// The part of `ruleset` that concerns `family`, in what iptables can say.
///
/// Maps and sets become rules, one after the other; what cannot be said is listed, and what the
/// family has no use for is left out. What iptables says differently, and that cannot be helped: a
/// limit over all sources counts each family, and each table that calls its chain, for itself.
/// - Parameter keepsIdle: whether what the family has no use for stays all the same.
/// - Requires: `verify(ruleset)` finds nothing.
/// - Complexity: linear in the rules and elements of the ruleset, for each of the tables that call
///   the chain that has them.
package func legalize(
  _ ruleset: Ruleset, family: AddressFamily, keepsIdle: Bool = false
) -> Legalized {
  var result = Legalized(
    family: family, tables: [], hooks: [], unsupported: [], unrolledRules: 0)
  for table in ruleset.tables {
    switch table.family {
    case .bridge: result.unsupported += bridgeProblems(table)
    case .inet:
      let plan = HookPlan(table)
      result.unsupported += plan.unsupported
      for name in TableName.allCases {
        let entries = plan.entries.filter { $0.place.table == name }
        guard !entries.isEmpty else { continue }
        var legalizer = TableLegalizer(table, name, family, absentMarks: ruleset.bridgeMarks)
        legalizer.run(entries, into: &result)
      }
    }
  }
  if !keepsIdle { result.prune() }
  return result
}

extension Ruleset {
  /// The marks that nothing but bridge rules sets: no packet bears them where there are none.
  fileprivate var bridgeMarks: Set<PacketMark> {
    func marks(_ family: TableFamily) -> Set<PacketMark> {
      let actions = tables.lazy.filter { $0.family == family }.flatMap(\.chains)
        .flatMap(\.rules).flatMap(\.actions)
      return Set(actions.compactMap { if case .setMark(let mark) = $0 { mark } else { nil } })
    }
    return marks(.bridge).subtracting(marks(.inet))
  }
}

/// One problem for each line that bridge rules come from.
private func bridgeProblems(_ table: Table) -> [Unsupported] {
  var seen: Set<Origin?> = []
  return table.chains.flatMap(\.rules).map(\.origin).filter { seen.insert($0).inserted }
    .map { Unsupported(reason: .bridgeTable, origin: $0) }
}

/// Which base chain is called from where.
struct HookPlan {
  struct Entry {
    let chain: Chain
    let place: ChainPlace
  }

  private(set) var entries: [Entry] = []
  private(set) var unsupported: [Unsupported] = []

  init(_ table: Table) {
    var bases: [(chain: Chain, base: BaseChain)] = []
    for chain in table.chains {
      if case .base(let base) = chain.kind { bases.append((chain, base)) }
    }
    // Stable, so that chains of one priority keep their order.
    let sorted = bases.enumerated().sorted {
      ($0.element.base.priority, $0.offset) < ($1.element.base.priority, $1.offset)
    }.map(\.element)
    for (chain, base) in sorted {
      if let place = ChainPlace(base) {
        entries.append(Entry(chain: chain, place: place))
      } else if !chain.isForBridgesOnly {
        unsupported.append(Unsupported(reason: .hook(base), origin: chain.rules.first?.origin))
      }
    }
  }
}

extension Chain {
  /// Whether the chain does nothing but mark packets, for bridge rules that there are none of.
  fileprivate var isForBridgesOnly: Bool {
    rules.allSatisfy { rule in
      rule.actions.allSatisfy { action in
        if case .setMark = action { true } else { action == .counter }
      }
    }
  }
}
