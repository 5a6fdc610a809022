package import KernelForm
import Netfilter

extension KernelRuleset {
  /// The ruleset without what two loads of the same rules may differ in: handles, counters, the
  /// names of anonymous sets, and the order of tables, chains, sets and elements.
  package var canonical: KernelRuleset {
    KernelRuleset(
      tables: tables.map(\.canonical).sorted { $0.family.rawValue < $1.family.rawValue })
  }
}

extension KernelTable {
  fileprivate var canonical: KernelTable {
    var result = self
    var names: [String: String] = [:]
    for set in sets where set.flags.contains(.anonymous) {
      names[set.name] = "\(set.flags.rawValue) \(set.elements.rows)"
    }
    result.sets = sets.map { set in
      var set = set
      set.origin = nil
      set.name = names[set.name] ?? set.name
      if set.flags.contains(.dynamic) {
        set.elements = ElementTable(keyLength: set.elements.keyLength)
      } else {
        set.elements = set.elements.sorted
      }
      return set
    }.sorted { $0.name < $1.name }
    result.chains = chains.map { chain in
      var chain = chain
      chain.rules = chain.rules.map { $0.renamingSets(names).withoutState }
      return chain
    }.sorted { $0.name < $1.name }
    return result
  }

  /// Chains that rules or elements call.
  var chainsInUse: Set<String> {
    Set(chains.flatMap(\.rules).flatMap(\.usedChains))
      .union(sets.flatMap(\.elements.verdicts).compactMap(\.chain))
  }

  /// Sets that rules read or write.
  var setsInUse: Set<String> { Set(chains.flatMap(\.rules).flatMap(\.usedSets)) }
}

extension KernelRule {
  /// The names of the sets that the rule reads or writes.
  var usedSets: [String] {
    expressions.compactMap { expression in
      if case .lookup(let set, _, _, _) = expression { return set }
      if case .dynamicSet(_, let set, _, _, _) = expression { return set }
      return nil
    }
  }

  /// The names of the chains that the rule calls.
  var usedChains: [String] {
    expressions.compactMap { expression in
      if case .verdict(let verdict) = expression { return verdict.chain }
      return nil
    }
  }

  func renamingSets(_ names: [String: String]) -> KernelRule {
    var result = self
    result.expressions = expressions.map { expression in
      guard case .lookup(let set, let key, let data, let inverted) = expression,
        let name = names[set]
      else { return expression }
      return .lookup(set: name, key: key, data: data, inverted: inverted)
    }
    return result
  }

  fileprivate var withoutState: KernelRule {
    var result = self
    result.handle = nil
    result.origin = nil
    result.expressions = expressions.map { expression in
      if case .counter = expression { return .counter(packets: 0, bytes: 0) }
      return expression
    }
    return result
  }
}

extension Verdict {
  /// The chain that is called, if any is.
  var chain: String? {
    switch self {
    case .jump(let name), .goto(let name): name
    case .accept, .drop, .return: nil
    }
  }
}

extension ElementTable {
  /// What tells an element from the others of its set.
  func identity(_ index: Int) -> [UInt8] {
    Array(key(at: index)) + [endsInterval(at: index) ? 0 : 1]
  }

  /// What an element does, its key and comment aside.
  func content(_ index: Int) -> String {
    "\(Array(value(at: index))) \(verdicts.isEmpty ? "" : "\(verdicts[index])")"
  }

  /// What each element says, ascending.
  fileprivate var rows: [String] { order.map { "\(identity($0)) \(content($0))" } }

  /// The first element of each key, ascending.
  private var order: [Int] {
    var seen: Set<[UInt8]> = []
    return (0..<count).filter { seen.insert(identity($0)).inserted }
      .sorted { identity($0).lexicographicallyPrecedes(identity($1)) }
  }

  /// The elements in ascending order, without origins.
  fileprivate var sorted: ElementTable {
    var result = ElementTable(keyLength: keyLength, dataLength: dataLength)
    for index in order { result.append(elementAt: index, of: self) }
    return result
  }
}
