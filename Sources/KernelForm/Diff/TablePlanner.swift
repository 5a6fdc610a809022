/// Finds the steps from one state of a table to another.
struct TablePlanner {
  private let path: TablePath
  private let live: KernelTable
  private let wanted: KernelTable
  private let liveSets: [String: KernelSet]
  private let wantedSetNames: Set<String>
  private let liveChains: [String: KernelChain]
  /// The chains whose rules lend their counters: those of the table that stands or stood here.
  private let oldChains: [String: KernelChain]
  private let comparison: RuleComparison
  /// Named sets that both states have, in different shapes.
  private let reshapedSets: Set<String>

  init(from live: KernelTable, to wanted: KernelTable, remembering old: KernelTable) {
    path = wanted.path
    self.live = live
    self.wanted = wanted
    liveSets = Self.byName(live.namedSets) { $0.name }
    wantedSetNames = Set(wanted.namedSets.map(\.name))
    liveChains = Self.byName(live.chains) { $0.name }
    oldChains = Self.byName(old.chains) { $0.name }
    comparison = RuleComparison(old, wanted)
    var reshaped: Set<String> = []
    for set in wanted.namedSets {
      guard let standing = liveSets[set.name], !standing.hasShape(of: set) else { continue }
      reshaped.insert(set.name)
    }
    reshapedSets = reshaped
  }

  private static func byName<Object>(
    _ objects: [Object], _ name: (Object) -> String
  ) -> [String: Object] {
    Dictionary(objects.map { (name($0), $0) }) { first, _ in first }
  }

  /// Takes away first whatever refers to something, then what was referred to; adds the other way
  /// round. A map is filled after its rule was added: the kernel then looks at each element once.
  func operations() -> [Operation] {
    let rules = wanted.chains.map { changes(of: $0) }
    let elements = wanted.namedSets.map { elementChanges(of: $0) }
    return deletedElements(elements) + deletedRules(rules) + deletedObjects()
      + addedSets() + addedChains() + addedRules(rules) + addedElements(elements)
  }

  // MARK: Sets

  private func elementChanges(of set: KernelSet) -> ElementDifference {
    guard let standing = liveSets[set.name], !reshapedSets.contains(set.name) else {
      return ElementDifference(addingAllOf: set)
    }
    if set.flags.contains(.dynamic) { return ElementDifference() }
    return ElementDifference(from: standing, to: set)
  }

  private func deletedElements(_ changes: [ElementDifference]) -> [Operation] {
    var result: [Operation] = []
    for (set, change) in zip(wanted.namedSets, changes) where !change.removed.isEmpty {
      guard let standing = liveSets[set.name] else { continue }
      result.append(.deleteElements(path, standing.with(standing.elements[change.removed])))
    }
    // Until Linux 6.4 deleting a map lets go of the chains that it names too late.
    for set in live.namedSets where isDoomed(set) && !set.elements.verdicts.isEmpty {
      result.append(.deleteElements(path, set.with(set.elements[set.elementsInOrder])))
    }
    return result
  }

  private func addedElements(_ changes: [ElementDifference]) -> [Operation] {
    var result: [Operation] = []
    for (set, change) in zip(wanted.namedSets, changes) where !change.added.isEmpty {
      let isAll = change.added.elementsEqual(0..<set.elements.count)
      result.append(
        .addElements(path, isAll ? set : set.with(set.elements[change.added])))
    }
    return result
  }

  private func addedSets() -> [Operation] {
    wanted.namedSets
      .filter { liveSets[$0.name] == nil || reshapedSets.contains($0.name) }
      .map { .addSet(path, $0.emptied) }
  }

  private func isDoomed(_ set: KernelSet) -> Bool {
    reshapedSets.contains(set.name) || !wantedSetNames.contains(set.name)
  }

  // MARK: Chains

  /// The rules of a chain that stands and stays, paired with what is wanted there.
  private func changes(of chain: KernelChain) -> RuleAlignment {
    RuleAlignment(
      from: oldChains[chain.name]?.rules ?? [], to: chain.rules, comparison: comparison,
      canStay: liveChains[chain.name].map { !isReplaced($0, by: chain) } ?? false,
      reshapedSets: reshapedSets)
  }

  private func isReplaced(_ standing: KernelChain, by chain: KernelChain) -> Bool {
    standing.kind != chain.kind || standing.policyAccepts != chain.policyAccepts
  }

  private func deletedRules(_ alignments: [RuleAlignment]) -> [Operation] {
    var result: [Operation] = []
    var kept: Set<UInt64> = []
    for alignment in alignments { kept.formUnion(alignment.keptHandles) }
    for chain in live.chains {
      for rule in chain.rules {
        guard let handle = rule.handle, !kept.contains(handle) else { continue }
        result.append(.deleteRule(path, chain: chain.name, handle: handle))
      }
    }
    return result
  }

  private func deletedObjects() -> [Operation] {
    let wantedChains = Self.byName(wanted.chains) { $0.name }
    let chains = live.chains.filter { chain in
      wantedChains[chain.name].map { isReplaced(chain, by: $0) } ?? true
    }
    let sets = live.namedSets.filter(isDoomed)
    return chains.map { .deleteChain(path, name: $0.name) }
      + sets.map { .deleteSet(path, name: $0.name) }
  }

  private func addedChains() -> [Operation] {
    wanted.chains
      .filter { chain in liveChains[chain.name].map { isReplaced($0, by: chain) } ?? true }
      .map { .addChain(path, $0.emptied) }
  }

  private func addedRules(_ alignments: [RuleAlignment]) -> [Operation] {
    var result: [Operation] = []
    let anonymous = Self.byName(wanted.anonymousSets) { $0.name }
    for (chain, alignment) in zip(wanted.chains, alignments) {
      for addition in alignment.additions {
        for name in addition.rule.setNames {
          guard let set = anonymous[name] else { continue }
          result.append(.addSet(path, set.emptied))
          result.append(.addElements(path, set.with(set.elements[set.elementsInOrder])))
        }
        result.append(.addRule(path, chain: chain.name, addition.rule, addition.place))
      }
    }
    return result
  }
}

extension KernelTable {
  /// The sets that live and die by themselves.
  var namedSets: [KernelSet] { sets.filter { !$0.flags.contains(.anonymous) } }
  /// The sets that are parts of rules.
  var anonymousSets: [KernelSet] { sets.filter { $0.flags.contains(.anonymous) } }
}

extension KernelSet {
  /// The set with other elements.
  func with(_ elements: ElementTable) -> KernelSet {
    var set = self
    set.elements = elements
    return set
  }

  var emptied: KernelSet {
    with(ElementTable(keyLength: elements.keyLength, dataLength: elements.dataLength))
  }
}

extension KernelChain {
  /// The chain without its rules.
  fileprivate var emptied: KernelChain {
    var chain = self
    chain.rules = []
    return chain
  }
}
