import Netfilter

extension KernelRuleset {
  /// The ruleset without those elements of large sets that have nothing to do with `plan`.
  ///
  /// An element stays if the plan adds or deletes one with the same key in any set, or adds or
  /// deletes its set, or if one with the same key leads to rules that change or ask a list that
  /// does: so that what belongs together stays together, on both sides of a plan. Where rules change,
  /// intervals stay, too, for rules may mean the same ports.
  /// - Complexity: linear, times the length of the longest way from one chain to another.
  package func narrowed(to plan: Plan) -> KernelRuleset {
    let concern = PlanConcern(plan)
    var result = self
    for table in tables.indices where !concern.tables.contains(tables[table].path) {
      let keys = concern.keys(in: tables[table])
      for set in tables[table].sets.indices
      where concern.narrows(tables[table].sets[set]) {
        let elements = tables[table].sets[set].elements
        let covered =
          keys[elements.keyLength]?.places(ofKeysIn: 0..<elements.count, of: elements) ?? []
        result.tables[table].sets[set].elements = elements[covered]
      }
    }
    return result
  }
}

/// What a plan is about.
private struct PlanConcern {
  /// Tables that come or go whole.
  private(set) var tables: Set<TablePath> = []
  /// Sets that come or go whole.
  private var sets: Set<String> = []
  /// Chains that come or go, or whose rules do.
  private var chains: Set<String> = []
  /// Sets without values, of which a part changes: to rules each is one thing, a list.
  private var lists: Set<String> = []
  /// The keys of elements that come or go, by their lengths.
  private var keys: [Int: ElementTable] = [:]

  init(_ plan: Plan) {
    for operation in plan.operations {
      switch operation {
      case .addTable(let table): tables.insert(table.path)
      case .deleteTable(let family, let name): tables.insert(TablePath(family, name))
      case .addSet(_, let set): sets.insert(set.name)
      case .deleteSet(_, let name): sets.insert(name)
      case .addChain(_, let chain): chains.insert(chain.name)
      case .deleteChain(_, let name): chains.insert(name)
      case .addRule(_, let chain, _, _), .deleteRule(_, let chain, _): chains.insert(chain)
      case .addElements(_, let set), .deleteElements(_, let set):
        if set.elements.isList { lists.insert(set.name) }
        for index in 0..<set.elements.count { Self.add(index, of: set.elements, to: &keys) }
      }
    }
  }

  private static func add(
    _ index: Int, of elements: ElementTable, to keys: inout [Int: ElementTable]
  ) {
    keys[elements.keyLength, default: ElementTable(keyLength: elements.keyLength)].append(
      key: elements.key(at: index), comment: [])
  }

  /// Whether the set is large, and the plan may be about a part of it alone.
  func narrows(_ set: KernelSet) -> Bool {
    if sets.contains(set.name) { return false }
    if set.elements.isList { return set.elements.count > 1024 }
    if set.flags.contains(.interval), !(chains.isEmpty && lists.isEmpty) { return false }
    return set.elements.count > 64
  }

  /// The keys of the table's elements that the plan is about, by their lengths.
  func keys(in table: KernelTable) -> [Int: KeyIndex] {
    var keys = keys
    let callers = callers(in: table)
    if !callers.isEmpty {
      for set in table.sets {
        for index in set.elements.verdicts.indices
        where set.elements.verdicts[index].leads(to: callers) {
          Self.add(index, of: set.elements, to: &keys)
        }
      }
    }
    return keys.mapValues { KeyIndex($0) }
  }

  /// The chains that change or ask lists that do, and those whose rules lead to them.
  private func callers(in table: KernelTable) -> Set<String> {
    var result = chains
    for chain in table.chains where chain.rules.contains(where: { $0.asks(lists) }) {
      result.insert(chain.name)
    }
    var count = 0
    while result.count > count {
      count = result.count
      for chain in table.chains where !result.contains(chain.name) {
        if chain.rules.contains(where: { $0.leads(to: result) }) { result.insert(chain.name) }
      }
    }
    return result
  }
}

extension ElementTable {
  fileprivate var isList: Bool { dataLength == 0 && verdicts.isEmpty }
}

extension KernelRule {
  fileprivate func asks(_ sets: Set<String>) -> Bool {
    expressions.contains {
      if case .lookup(let set, _, _, _) = $0 { sets.contains(set) } else { false }
    }
  }

  fileprivate func leads(to chains: Set<String>) -> Bool {
    expressions.contains {
      if case .verdict(let verdict) = $0 { verdict.leads(to: chains) } else { false }
    }
  }
}

extension Verdict {
  fileprivate func leads(to chains: Set<String>) -> Bool {
    switch self {
    case .jump(let chain), .goto(let chain): chains.contains(chain)
    case .accept, .drop, .return: false
    }
  }
}
