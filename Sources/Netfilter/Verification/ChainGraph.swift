/// Which chains of a table call which, and from where the network stack reaches them.
struct ChainGraph {
  /// The places from which packets come to a chain.
  struct Reach {
    fileprivate(set) var hooks: Set<Hook> = []
    fileprivate(set) var isCalledOutsideNAT = false

    func contains(_ hook: Hook) -> Bool { hooks.contains(hook) }
  }

  enum Kind { case regular, base, none }

  /// How many calls deep the kernel follows (`NFT_JUMP_STACK_SIZE`).
  private static let deepestCall = 16

  /// Each circle of calls, from its first chain back to it.
  private(set) var loops: [[String]] = []
  /// Base chains below which calls nest too deep.
  private(set) var tooDeep: [String] = []

  private let indices: [String: Int]
  private let chains: [Chain]
  private var calls: [[Int]]
  private var reaches: [Reach]

  init(_ table: Table) {
    chains = table.chains
    indices = Dictionary(
      table.chains.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: min)
    calls = []
    reaches = Array(repeating: Reach(), count: table.chains.count)
    calls = Self.calls(in: table, indices)
    follow()
  }

  func kind(of name: String) -> Kind {
    guard let index = indices[name] else { return .none }
    return chains[index].kind == .regular ? .regular : .base
  }

  func reach(of name: String) -> Reach { indices[name].map { reaches[$0] } ?? Reach() }

  private static func calls(in table: Table, _ indices: [String: Int]) -> [[Int]] {
    var targets: [String: [Int]] = [:]
    for map in table.verdictMaps {
      targets[map.name] = distinct(map.elements.compactMap { $0.verdict.chain }, indices)
    }
    return table.chains.map { chain in
      var called: [Int] = []
      for action in chain.rules.lazy.flatMap(\.actions) {
        if case .verdict(let verdict) = action, let name = verdict.chain, let index = indices[name]
        {
          called.append(index)
        }
        if case .dispatch(_, let map) = action { called += targets[map] ?? [] }
      }
      return Array(Set(called)).sorted()
    }
  }

  private static func distinct(_ names: [String], _ indices: [String: Int]) -> [Int] {
    Set(names.compactMap { indices[$0] }).sorted()
  }

  /// Walks the calls depth first: finds loops, then depths and reaches in the order found.
  private mutating func follow() {
    var walk = Walk(calls)
    for index in chains.indices { walk.visit(index) }
    loops = walk.loops.map { $0.map { chains[$0].name } }
    guard loops.isEmpty else { return }
    var depth = Array(repeating: 0, count: chains.count)
    // `finished` has callees before their callers.
    for index in walk.finished {
      depth[index] = calls[index].map { depth[$0] + 1 }.max() ?? 0
      if chains[index].kind != .regular, depth[index] >= Self.deepestCall {
        tooDeep.append(chains[index].name)
      }
    }
    for index in walk.finished.reversed() { spread(from: index) }
  }

  private mutating func spread(from index: Int) {
    if case .base(let base) = chains[index].kind {
      reaches[index].hooks.insert(base.hook)
      if base.purpose != .nat { reaches[index].isCalledOutsideNAT = true }
    }
    for callee in calls[index] {
      reaches[callee].hooks.formUnion(reaches[index].hooks)
      if reaches[index].isCalledOutsideNAT { reaches[callee].isCalledOutsideNAT = true }
    }
  }
}

/// A depth-first walk; its own stack, because chains may be many.
private struct Walk {
  private enum State { case new, open, done }

  private let calls: [[Int]]
  private var states: [State]
  private(set) var finished: [Int] = []
  private(set) var loops: [[Int]] = []

  init(_ calls: [[Int]]) {
    self.calls = calls
    states = Array(repeating: .new, count: calls.count)
  }

  mutating func visit(_ root: Int) {
    guard states[root] == .new else { return }
    var path = [(chain: root, next: 0)]
    states[root] = .open
    while let top = path.last {
      guard top.next < calls[top.chain].count else {
        states[top.chain] = .done
        finished.append(top.chain)
        path.removeLast()
        continue
      }
      path[path.count - 1].next += 1
      let callee = calls[top.chain][top.next]
      switch states[callee] {
      case .new:
        states[callee] = .open
        path.append((callee, 0))
      case .open:
        let circle = path.drop { $0.chain != callee }.map(\.chain)
        loops.append(circle + [callee])
      case .done: continue
      }
    }
  }
}

extension Verdict {
  /// The chain that is called, if any is.
  fileprivate var chain: String? {
    switch self {
    case .jump(let name), .goto(let name): name
    case .accept, .drop, .return: nil
    }
  }
}
