import Netfilter
import NetworkTypes

extension Legalized {
  /// Leaves out what nothing of the family would miss: chains that nobody calls, marks that nobody
  /// asks for, and chains that do nothing with the calls of them.
  ///
  /// One ruleset speaks of both families, and often one of them has no line of a kind.
  /// - Complexity: linear in the rules, once more for each row of chains that call nothing but the
  ///   idle ones before them.
  mutating func prune() {
    for index in tables.indices { tables[index].removeUncalled(from: hooks) }
    removeIdleChains()
    let asked = tables.reduce(0 as UInt32) { $0 | $1.askedMarks }
    for index in tables.indices { tables[index].removeMarks(except: asked) }
    removeIdleChains()
    tables.removeAll { $0.chains.isEmpty }
  }

  private mutating func removeIdleChains() {
    for index in tables.indices { while tables[index].removeIdleChains() {} }
    let kept = Dictionary(tables.map { ($0.name, Set($0.chains.map(\.name))) }) { first, _ in first
    }
    hooks.removeAll { !(kept[$0.table]?.contains($0.chain) ?? false) }
  }
}

extension IptablesTable {
  fileprivate mutating func removeUncalled(from hooks: [IptablesHook]) {
    let callees = Dictionary(
      chains.map { ($0.name, $0.rules.compactMap(\.target.chain)) }
    ) { first, _ in first }
    var pending = hooks.filter { $0.table == name }.map(\.chain)
    var called: Set<String> = []
    while let chain = pending.popLast() {
      guard called.insert(chain).inserted else { continue }
      pending += callees[chain] ?? []
    }
    chains.removeAll { !called.contains($0.name) }
  }

  /// Whether chains were found that do nothing; who goes to such a chain leaves his own one, so that
  /// it is needed all the same.
  fileprivate mutating func removeIdleChains() -> Bool {
    var idle = Set(chains.lazy.filter(\.isIdle).map(\.name))
    guard !idle.isEmpty else { return false }
    for rule in chains.lazy.flatMap(\.rules) {
      if case .goto(let chain) = rule.target { idle.remove(chain) }
    }
    guard !idle.isEmpty else { return false }
    for index in chains.indices {
      chains[index].rules.removeAll { rule in
        if case .jump(let chain) = rule.target { idle.contains(chain) } else { false }
      }
    }
    chains.removeAll { idle.contains($0.name) }
    return true
  }

  /// The bits that conditions ask for.
  fileprivate var askedMarks: UInt32 {
    var bits: UInt32 = 0
    for rule in chains.lazy.flatMap(\.rules) {
      for case .mark(let mark) in rule.matches { bits |= mark.mask }
    }
    return bits
  }

  fileprivate mutating func removeMarks(except asked: UInt32) {
    for index in chains.indices {
      chains[index].rules.removeAll { rule in
        if case .setMark(let mark) = rule.target { mark.mask & asked == 0 } else { false }
      }
    }
  }
}

extension IptablesChain {
  /// Whether packets go back as they came, and no line counts them.
  fileprivate var isIdle: Bool {
    rules.allSatisfy { $0.target == .return && $0.origin == nil }
  }
}

extension IptablesTarget {
  /// The chain that packets go on in.
  fileprivate var chain: String? {
    switch self {
    case .jump(let chain), .goto(let chain): chain
    case .none, .accept, .drop, .return, .log, .setMark, .reject, .destination, .source,
      .masquerade, .clampMSS, .fillChecksum:
      nil
    }
  }
}
