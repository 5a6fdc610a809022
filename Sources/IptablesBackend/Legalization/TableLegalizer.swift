import Netfilter
import NetworkTypes

/// Says the chains of one table of the ruleset in one table of iptables.
struct TableLegalizer {
  let source: Table
  let name: TableName
  let family: AddressFamily
  let lookups: Lookups
  /// Marks that no packet has here.
  let absentMarks: Set<PacketMark>
  var names = ChainNames()
  var unsupported: [Unsupported] = []
  var unrolledRules = 0

  private var chains: [IptablesChain] = []
  private var indices: [String: Int] = [:]
  /// The interfaces all packets of which have left each chain, as conditions.
  private var settled: [String: Set<IptablesMatch>] = [:]
  /// The built-in chains that call each chain of the ruleset.
  private var callers: [String: Set<BuiltinChain>] = [:]
  /// The built-in chains from which the rule at hand is reached.
  private(set) var reach: Set<BuiltinChain> = []
  /// The protocol that the rule at hand asks for.
  private var transport: TransportProtocol?

  init(
    _ source: Table, _ name: TableName, _ family: AddressFamily, absentMarks: Set<PacketMark>
  ) {
    self.absentMarks = absentMarks
    self.source = source
    self.name = name
    self.family = family
    lookups = Lookups(source)
  }

  mutating func run(_ entries: [HookPlan.Entry], into result: inout Legalized) {
    let order = reachable(from: entries)
    for chain in order { legalize(chain) }
    result.tables.append(IptablesTable(name: name, chains: chains))
    for builtin in BuiltinChain.allCases {
      for entry in entries where entry.place.builtin == builtin {
        result.hooks.append(
          IptablesHook(table: name, builtin: builtin, chain: names.own(entry.chain.name)))
      }
    }
    var seen = Set(result.unsupported)
    result.unsupported += unsupported.filter { seen.insert($0).inserted }
    result.unrolledRules += unrolledRules
  }

  /// The chains that packets of this table come to, in the order of the ruleset; notes who calls.
  private mutating func reachable(from entries: [HookPlan.Entry]) -> [Chain] {
    for entry in entries {
      var pending = [entry.chain.name]
      while let name = pending.popLast() {
        guard let chain = lookups.chains[name],
          callers[name, default: []].insert(entry.place.builtin).inserted
        else { continue }
        pending += lookups.calls(of: chain)
      }
    }
    return source.chains.filter { callers[$0.name] != nil }
  }

  private mutating func legalize(_ chain: Chain) {
    reach = callers[chain.name] ?? []
    var current = open(names.own(chain.name))
    for index in chain.rules.indices {
      let isLast = index == chain.rules.count - 1
      transport = chain.rules[index].transport
      current = legalize(chain.rules[index], in: current, isLast: isLast)
    }
  }

  /// Adds an empty chain.
  mutating func open(_ name: String) -> String {
    indices[name] = chains.count
    chains.append(IptablesChain(name: name, rules: []))
    return name
  }

  /// Adds a rule, but not one that asks for two protocols at the same time.
  mutating func append(_ rule: IptablesRule, to chain: String) {
    guard let index = indices[chain], rule.matches.hasOneTransport else { return }
    var rule = rule
    if let transport, rule.needsTransport, rule.matches.transport == nil {
      rule.matches.insert(.transport(transport), at: 0)
    }
    chains[index].rules.append(rule)
    if rule.matches.count == 1, rule.matches[0].isInterface, rule.target.isFinal {
      settled[chain, default: []].insert(rule.matches[0])
    }
  }

  /// Adds a rule for the packets that nothing in the chain has taken, if there are any.
  mutating func append(miss target: IptablesTarget, to chain: String) {
    if let last = indices[chain].flatMap({ chains[$0].rules.last }), last.matches.isEmpty,
      last.target.isFinal
    {
      return
    }
    append(IptablesRule(matches: [], target: target), to: chain)
  }

  /// Those of several alternatives that a packet can still meet in the chain, at least one.
  func remaining(_ alternatives: [IptablesMatch], in chain: String) -> [IptablesMatch] {
    guard alternatives.count > 1, let settled = settled[chain] else { return alternatives }
    let left = alternatives.filter { !settled.contains($0) }
    return left.isEmpty ? alternatives : left
  }

  mutating func report(_ reason: Unsupported.Reason, _ rule: Rule) {
    unsupported.append(Unsupported(reason: reason, origin: rule.origin))
  }
}

/// The objects of a table by name.
struct Lookups {
  let chains: [String: Chain]
  let sets: [String: NamedSet.Content]
  let verdictMaps: [String: VerdictMap]
  let addressMaps: [String: AddressMap]
  private let mapCalls: [String: [String]]

  init(_ table: Table) {
    chains = Dictionary(table.chains.map { ($0.name, $0) }) { first, _ in first }
    sets = Dictionary(table.sets.map { ($0.name, $0.content) }) { first, _ in first }
    verdictMaps = Dictionary(table.verdictMaps.map { ($0.name, $0) }) { first, _ in first }
    addressMaps = Dictionary(table.addressMaps.map { ($0.name, $0) }) { first, _ in first }
    mapCalls = verdictMaps.mapValues { map in
      Set(map.elements.compactMap(\.verdict.chain)).sorted()
    }
  }

  /// The chains that `chain` calls, by itself or through maps.
  func calls(of chain: Chain) -> [String] {
    chain.rules.lazy.flatMap(\.actions).flatMap { action -> [String] in
      if case .verdict(let verdict) = action { return verdict.chain.map { [$0] } ?? [] }
      if case .dispatch(_, let map) = action { return mapCalls[map] ?? [] }
      return []
    }
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

extension IptablesMatch {
  /// Whether packets of one interface are meant.
  fileprivate var isInterface: Bool {
    switch self {
    case .inputInterface(_, let negated), .outputInterface(_, let negated): !negated
    case .source, .destination, .sourceIsLocal, .destinationIsLocal, .transport, .sourcePorts,
      .destinationPorts, .icmp, .connectionState, .destinationTranslated, .originalDirection,
      .mark, .limit, .hashLimit, .connectionsOver, .sourceMAC, .connectionAttempt, .handshake:
      false
    }
  }
}

extension IptablesRule {
  /// Whether iptables takes it together with its protocol only, even in a chain to which no packet
  /// of another comes.
  fileprivate var needsTransport: Bool {
    target.rewritesPorts || matches.contains(where: \.readsTransportHeader)
  }
}

extension IptablesMatch {
  fileprivate var readsTransportHeader: Bool {
    switch self {
    case .sourcePorts, .destinationPorts, .connectionAttempt, .handshake: true
    case .source, .destination, .inputInterface, .outputInterface, .sourceIsLocal,
      .destinationIsLocal, .transport, .icmp, .connectionState, .destinationTranslated,
      .originalDirection, .mark, .limit, .hashLimit, .connectionsOver, .sourceMAC:
      false
    }
  }
}

extension IptablesTarget {
  fileprivate var rewritesPorts: Bool {
    switch self {
    case .destination(_, let ports): ports != nil
    case .source(let translation): translation.ports != nil
    case .masquerade(let ports, _): ports != nil
    case .none, .accept, .drop, .return, .jump, .goto, .log, .setMark, .reject, .clampMSS,
      .fillChecksum:
      false
    }
  }

  /// Whether no packet goes on with the next rule of the chain.
  fileprivate var isFinal: Bool {
    switch self {
    case .accept, .drop, .return, .goto: true
    case .none, .jump, .log, .setMark, .reject, .destination, .source, .masquerade, .clampMSS,
      .fillChecksum:
      false
    }
  }
}

extension [IptablesMatch] {
  /// Whether one protocol at most is asked for.
  fileprivate var hasOneTransport: Bool {
    var found: TransportProtocol?
    for case .transport(let transport) in self {
      if let found, found != transport { return false }
      found = transport
    }
    return true
  }
}
