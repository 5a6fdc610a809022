import Evaluation
import Netfilter
import NetworkTypes

/// One thing that a packet needs to get somewhere.
enum Demand {
  case condition(Program.Condition, table: Int)
  case key(KeyField, KeyValue)
}

/// A way from the network stack to a rule.
struct RulePath {
  let base: BaseChain
  let scope: Program.Scope
  var demands: [Demand]

  func adding(_ more: [Demand]) -> RulePath {
    var result = self
    result.demands += more
    return result
  }
}

/// A rule that rewrites destinations, or one element of its map.
struct Rewriting {
  let table: Int
  let chain: Int
  let demands: [Demand]
  let target: IPAddress
  /// `nil` where the port stays.
  let port: UInt16?
}

/// How packets come to the rules of a program, what they meet there, and who prepares them for it.
struct RulePaths {
  private struct Caller {
    let chain: Int
    let demands: [Demand]
  }

  private struct Marker {
    let mark: PacketMark
    let table: Int
    let chain: Int
    let demands: [Demand]
  }

  let program: Program
  private var callers: [[[Caller]]]
  private var callees: [[[Int]]]
  /// The most that the limits of each chain let through at once.
  private let allowed: [[Int]]
  private var markers: [Marker] = []
  private(set) var rewritings: [Rewriting] = []
  private let names: [[String: Int]]
  /// Ways and what lies behind a rule are many; these show enough.
  private static let most = 24

  init(_ program: Program) {
    self.program = program
    callers = program.tables.map { $0.chains.map { _ in [] } }
    callees = program.tables.map { $0.chains.map { _ in [] } }
    allowed = program.tables.map { $0.chains.map(\.rules.mostAllowed) }
    names = program.tables.map { table in
      Dictionary(uniqueKeysWithValues: table.chains.enumerated().map { ($1.name, $0) })
    }
    for (table, content) in program.tables.enumerated() {
      for (chain, rules) in content.chains.enumerated() {
        for index in 0..<rules.rules.number { add(rules.rules[index], table, chain) }
      }
    }
  }

  private mutating func add(_ rule: Program.Rule, _ table: Int, _ chain: Int) {
    let demands = rule.conditions.map { Demand.condition($0, table: table) }
    for effect in rule.effects {
      switch effect {
      case .action(.setMark(let mark)):
        markers.append(Marker(mark: mark, table: table, chain: chain, demands: demands))
      case .action(.destinationNAT(.address(let address))):
        rewritings.append(
          Rewriting(table: table, chain: chain, demands: demands, target: address, port: nil))
      case .destination(let address, let ports, _):
        rewritings.append(
          Rewriting(
            table: table, chain: chain, demands: demands, target: address, port: ports.lower))
      case .port(let address, let port):
        rewritings.append(
          Rewriting(table: table, chain: chain, demands: demands, target: address, port: port))
      case .action(.destinationNAT(.map(let name))):
        for element in elements(name, table) {
          rewritings.append(
            Rewriting(
              table: table, chain: chain, demands: demands + element.demands,
              target: element.target, port: element.port))
        }
      case .action(let action): add(action, demands, table, chain)
      case .unknown: break
      }
    }
  }

  private mutating func add(
    _ action: Action, _ demands: [Demand], _ table: Int, _ chain: Int
  ) {
    switch action {
    case .verdict(let verdict):
      guard let target = target(verdict, table) else { return }
      callers[table][target].append(Caller(chain: chain, demands: demands))
      callees[table][chain].append(target)
    case .dispatch(_, let name):
      for element in verdicts(name, table) {
        guard let target = target(element.verdict, table) else { continue }
        callers[table][target].append(
          Caller(chain: chain, demands: demands + element.demands))
        callees[table][chain].append(target)
      }
    default: break
    }
  }

  private func target(_ verdict: Verdict, _ table: Int) -> Int? {
    switch verdict {
    case .jump(let name), .goto(let name): names[table][name]
    case .accept, .drop, .return: nil
    }
  }

  /// The elements of a verdict map with what each asks for.
  func verdicts(_ name: String, _ table: Int) -> [(verdict: Verdict, demands: [Demand])] {
    guard let map = program.tables[table].verdictMaps.first(where: { $0.name == name }) else {
      return []
    }
    return map.elements.map { ($0.verdict, keyDemands(map.fields, $0.key)) }
  }

  /// The elements of an address map with what each asks for.
  func elements(
    _ name: String, _ table: Int
  ) -> [(target: IPAddress, port: UInt16?, demands: [Demand])] {
    guard let map = program.tables[table].addressMaps.first(where: { $0.name == name }) else {
      return []
    }
    var shared = [Demand.condition(.match(.family(map.family)), table: table)]
    if let transport = map.transport {
      shared.append(.condition(.match(.transport(transport)), table: table))
    }
    return map.elements.map {
      ($0.address, $0.port, shared + keyDemands(map.fields, $0.key))
    }
  }

  private func keyDemands(_ fields: [KeyField], _ key: ElementKey) -> [Demand] {
    zip(fields, key).map { Demand.key($0, $1) }
  }
}

extension RulePaths {
  /// The most that any limit lets through at once which packets that meet the part may meet as well:
  /// in its own chain, on the way there, or behind; 0 where there is none.
  func mostAllowed(around part: Part) -> Int {
    let table = part.table
    let start: [Int]
    switch part {
    case .rule(_, let chain, _), .chain(_, let chain): start = [chain]
    case .verdict, .translation, .member: start = Array(callers[table].indices)
    }
    let around = closure(start) { chain in callers[table][chain].map(\.chain) }
      .union(closure(start) { callees[table][$0] })
    return around.map { allowed[table][$0] }.max() ?? 0
  }

  private func closure(_ start: [Int], _ next: (Int) -> [Int]) -> Set<Int> {
    var found = Set(start)
    var pending = start
    while let chain = pending.popLast() {
      pending += next(chain).filter { found.insert($0).inserted }
    }
    return found
  }

  /// The ways to a chain.
  func paths(to chain: Int, _ table: Int, depth: Int = 0) -> [RulePath] {
    let content = program.tables[table]
    if let base = content.chains[chain].base {
      return [RulePath(base: base, scope: content.scope, demands: [])]
    }
    guard depth < 8 else { return [] }
    var result: [RulePath] = []
    for caller in callers[table][chain] where result.count < Self.most {
      result += paths(to: caller.chain, table, depth: depth + 1).prefix(4).map {
        $0.adding(caller.demands)
      }
    }
    return result
  }

  /// What packets may need to meet something that this rule leads to.
  func descents(_ rule: Program.Rule, _ table: Int, depth: Int = 0) -> [[Demand]] {
    guard depth < 4 else { return [[]] }
    var result: [[Demand]] = [[]]
    for effect in rule.effects {
      switch effect {
      case .action(.verdict(let verdict)): result += descents(verdict, table, depth)
      case .action(.dispatch(_, let name)):
        for element in verdicts(name, table) {
          result += ([[]] + descents(element.verdict, table, depth)).map { element.demands + $0 }
        }
      case .action(.destinationNAT(.map(let name))):
        result += elements(name, table).map(\.demands)
      case .action, .destination, .port, .unknown: break
      }
    }
    return Array(result.prefix(Self.most * 2))
  }

  /// What packets may need to meet something later in the chain that this rule, which accepts them,
  /// spares them.
  func sparings(_ rule: Program.Rule, _ index: Int, _ chain: Int, _ table: Int) -> [[Demand]] {
    guard rule.effects.contains(.action(.verdict(.accept))) else { return [] }
    let rules = program.tables[table].chains[chain].rules
    return (index + 1..<rules.number).prefix(Self.most).map { later in
      rules[later].conditions.map { .condition($0, table: table) }
    }
  }

  private func descents(_ verdict: Verdict, _ table: Int, _ depth: Int) -> [[Demand]] {
    guard let chain = target(verdict, table) else { return [] }
    let rules = program.tables[table].chains[chain].rules
    return (0..<rules.number).flatMap { index -> [[Demand]] in
      let rule = rules[index]
      let own = rule.conditions.map { Demand.condition($0, table: table) }
      return descents(rule, table, depth: depth + 1).prefix(Self.most / 2).map { own + $0 }
    }
  }

  /// What packets need to get a mark, one list for each way to get it.
  func preparations(_ mark: PacketMark) -> [[Demand]] {
    markers.filter { $0.mark.value & mark.mask == mark.value && $0.mark.value != 0 }
      .flatMap { marker in
        paths(to: marker.chain, marker.table).prefix(4).map { $0.demands + marker.demands }
      }
  }

  /// The ways to a rewriting.
  func paths(to rewriting: Rewriting) -> [RulePath] {
    paths(to: rewriting.chain, rewriting.table).map { $0.adding(rewriting.demands) }
  }
}
