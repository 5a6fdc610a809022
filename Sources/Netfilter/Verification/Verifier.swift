/// What is wrong with `ruleset`; empty where every backend can print it and the kernel takes it.
///
/// - Complexity: linear, but for names (hashed).
package func verify(_ ruleset: Ruleset) -> [RulesetProblem] {
  ruleset.tables.flatMap { table in
    var verifier = Verifier(table)
    verifier.run()
    return verifier.problems
  }
}

/// Looks for mistakes in one table.
struct Verifier {
  let table: Table
  let sets: [String: NamedSet.Content]
  let verdictMaps: [String: VerdictMap]
  let addressMaps: [String: AddressMap]
  let graph: ChainGraph
  var problems: [RulesetProblem] = []
  /// The object that is looked at.
  private var subject = ""
  private var rateMeters: Set<String> = []
  private var connectionMeters: Set<String> = []

  init(_ table: Table) {
    self.table = table
    sets = Dictionary(table.sets.map { ($0.name, $0.content) }) { first, _ in first }
    verdictMaps = Dictionary(table.verdictMaps.map { ($0.name, $0) }) { first, _ in first }
    addressMaps = Dictionary(table.addressMaps.map { ($0.name, $0) }) { first, _ in first }
    graph = ChainGraph(table)
  }

  mutating func run() {
    checkNames()
    for map in table.verdictMaps { check(map) }
    for map in table.addressMaps { check(map) }
    for chain in table.chains { check(chain) }
    checkCalls()
    for meter in rateMeters.intersection(connectionMeters).sorted() {
      subject = "set \(meter)"
      report(.sharedMeter(meter))
    }
  }

  mutating func report(_ kind: RulesetProblem.Kind, _ origin: Origin? = nil) {
    problems.append(
      RulesetProblem(
        kind: kind, place: "table \(table.family.rawValue), \(subject)", origin: origin))
  }

  private mutating func checkNames() {
    subject = "table \(table.name)"
    if !isObjectName(table.name) { report(.invalidName(table.name)) }
    let objects =
      table.sets.map(\.name) + table.verdictMaps.map(\.name) + table.addressMaps.map(\.name)
    checkNames(objects)
    checkNames(table.chains.map(\.name))
  }

  private mutating func checkNames(_ names: [String]) {
    var seen: Set<String> = []
    for name in names {
      subject = name
      if !isObjectName(name) { report(.invalidName(name)) }
      if !seen.insert(name).inserted { report(.duplicateName(name)) }
    }
  }

  private mutating func check(_ chain: Chain) {
    for rule in chain.rules {
      subject = "chain \(chain.name)"
      check(rule, in: chain)
    }
  }

  private mutating func checkCalls() {
    for loop in graph.loops {
      subject = "chain \(loop[0])"
      report(.loop(loop))
    }
    for name in graph.tooDeep {
      subject = "chain \(name)"
      report(.tooDeep(name))
    }
  }

  mutating func enter(_ subject: String) { self.subject = subject }

  mutating func noteMeter(rate meter: String) { rateMeters.insert(meter) }
  mutating func noteMeter(connections meter: String) { connectionMeters.insert(meter) }

  /// Reports a verdict that goes nowhere.
  mutating func check(_ verdict: Verdict, _ origin: Origin?) {
    switch verdict {
    case .accept, .drop, .return: return
    case .jump(let name), .goto(let name):
      switch graph.kind(of: name) {
      case .regular: return
      case .base: report(.jumpToBaseChain(name), origin)
      case .none: report(.unknownChain(name), origin)
      }
    }
  }
}
