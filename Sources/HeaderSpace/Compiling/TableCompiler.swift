import Netfilter
import NetworkTypes

/// Turns the chains of one table into functions of headers.
struct TableCompiler {
  let table: Table
  let site: Site
  let sets: [String: NamedSet]
  let verdictMaps: [String: VerdictMap]
  let addressMaps: [String: AddressMap]
  let ownAddresses: Set<IPAddress>
  private let chains: [String: Chain]
  private var compiled: [String: Diagram] = [:]
  /// What happens after the destination was rewritten; where nothing is known of that, rules that
  /// rewrite it do nothing.
  var afterTranslation: Diagram?
  /// The ways that sets of interfaces stand for, as far as they were asked for.
  var interfaceSets: [String: [Interval]] = [:]
  /// What leaves by which way, as far as that is known.
  var waysOut: WaysOut?
  /// The prefixes whose members' ports a set learns.
  let learnedRanges: [String: [AddressRange]]

  init(_ table: Table, _ site: Site) {
    self.table = table
    self.site = site
    ownAddresses = Set(site.ownAddresses)
    sets = Dictionary(table.sets.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    verdictMaps = Dictionary(
      table.verdictMaps.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    addressMaps = Dictionary(
      table.addressMaps.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    chains = Dictionary(
      table.chains.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    learnedRanges = Self.learnedRanges(table)
  }

  var isBridge: Bool { table.family == .bridge }

  /// The base chains at `hook` that `isWanted`, one after the other.
  mutating func hook(
    _ hook: Hook, _ space: inout FlowSpace, where isWanted: (BaseChain) -> Bool = { _ in true }
  ) -> Diagram {
    var bases: [(base: BaseChain, name: String)] = []
    for chain in table.chains {
      if case .base(let base) = chain.kind, base.hook == hook, isWanted(base) {
        bases.append((base, chain.name))
      }
    }
    // Chains of one priority run in the order in which they were added.
    bases.sort { $0.base.priority < $1.base.priority }
    let parts = bases.map { base(named: $0.name, &space) }
    return space.sequence(of: parts, waysOut)
  }

  private mutating func base(named name: String, _ space: inout FlowSpace) -> Diagram {
    let whole = chain(name, &space)
    return space.changed(whole) { _, outcome in
      outcome.goesOn ? outcome.going(.next) : outcome
    }
  }

  /// The function of a chain; `back` where a rule returns from it.
  mutating func chain(_ name: String, _ space: inout FlowSpace) -> Diagram {
    if let known = compiled[name] { return known }
    let rules = chains[name]?.rules ?? []
    let parts = rules.map { rule($0, &space) }
    let result = space.sequence(of: parts, waysOut)
    // What follows a rewritten destination depends on the base chain.
    if afterTranslation == nil { compiled[name] = result }
    return result
  }

  private mutating func rule(_ rule: Rule, _ space: inout FlowSpace) -> Diagram {
    let conditions = conditions(of: rule, space)
    let condition = space.diagram(conditions)
    if condition == .no { return space.next }
    var bound = Outcome(.next)
    if !conditions.bounds.isEmpty {
      bound.conditions = space.outcomes.number(ofConditions: conditions.bounds.sorted())
    }
    var parts = [space.outcomes.diagram(bound)]
    if !conditions.isBeyondCount {
      for action in rule.actions { parts.append(self.action(action, of: rule, &space)) }
    }
    let effect = space.sequence(of: parts[...])
    return space.store.masked(effect, by: condition, else: space.next)
  }
}

extension Outcome {
  /// Whether the next base chain sees the packet.
  fileprivate var goesOn: Bool {
    switch step {
    case .next, .back, .accept: true
    case .done, .drop, .reject, .absent: false
    }
  }

  /// The same with another place to go on.
  func going(_ step: Step) -> Outcome {
    var result = self
    result.step = step
    return result
  }
}
