import Netfilter

extension KernelRuleset {
  /// The ruleset without those elements of large sets that have nothing to do with `plan`.
  ///
  /// An element stays if the plan adds or deletes one with the same key in any set, or changes
  /// rules of the chain that it calls, or adds or deletes its set: so that what belongs together
  /// stays together, on both sides of a plan.
  /// - Complexity: linear.
  package func narrowed(to plan: Plan) -> KernelRuleset {
    let concern = PlanConcern(plan)
    var result = self
    for table in tables.indices where !concern.tables.contains(tables[table].path) {
      for set in tables[table].sets.indices {
        let elements = tables[table].sets[set].elements
        guard elements.count > 64, !concern.sets.contains(tables[table].sets[set].name) else {
          continue
        }
        result.tables[table].sets[set].elements = elements[concern.covered(elements)]
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
  private(set) var sets: Set<String> = []
  private var chains: Set<String> = []
  /// The keys of elements that come or go, by their lengths.
  private var keys: [Int: KeyIndex] = [:]

  init(_ plan: Plan) {
    var named: [Int: ElementTable] = [:]
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
        let length = set.elements.keyLength
        for index in 0..<set.elements.count {
          named[length, default: ElementTable(keyLength: length)].append(
            key: set.elements.key(at: index), comment: [])
        }
      }
    }
    keys = named.mapValues { KeyIndex($0) }
  }

  /// The positions of elements that the plan is about.
  func covered(_ elements: ElementTable) -> [Int] {
    let index = keys[elements.keyLength]
    let isAboutChains = !chains.isEmpty && !elements.verdicts.isEmpty
    guard isAboutChains else {
      return index?.places(ofKeysIn: 0..<elements.count, of: elements) ?? []
    }
    return (0..<elements.count).filter { position in
      index?.position(ofKeyAt: position, of: elements) != nil
        || calls(elements.verdicts[position])
    }
  }

  /// Whether the verdict leads to a chain whose rules change.
  private func calls(_ verdict: Verdict) -> Bool {
    switch verdict {
    case .jump(let chain), .goto(let chain): chains.contains(chain)
    case .accept, .drop, .return: false
    }
  }
}
