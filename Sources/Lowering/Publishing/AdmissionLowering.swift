import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// Who may use a published port: judged just before the destination is rewritten, on the address
/// and port that the client dialled.
func lowerAdmission(_ context: LoweringContext, into table: inout TableBuilder) {
  var gate = AdmissionGate(hook: "admission", map: "admission")
  var hostGate = AdmissionGate(hook: "host-admission", map: "host-admission")
  var chains = AdmissionChains(prefix: "admit", admitted: .return, refused: context.denial)
  let publishes = context.policy.publishes
  for index in publishes.indices where publishes[index].isRestricted {
    let publish = publishes[index]
    for family in publish.families where context.isTranslated(publish, family) {
      let chain = chains.chain(for: publish, context, &table)
      gate.add(publish, family, .goto(chain), origin: context.origin(publish.span))
      if context.policy.terms(of: publish).refusesHost {
        hostGate.add(publish, family, context.denial, origin: context.origin(publish.span))
      }
    }
  }
  gate.sortGuards()
  hostGate.sortGuards()
  for index in publishes.indices
  where publishes[index].hostAddress != nil && !publishes[index].isRestricted {
    let publish = publishes[index]
    for family in publish.families where context.isTranslated(publish, family) {
      gate.exempt(publish, family, origin: context.origin(publish.span))
      hostGate.exempt(publish, family, origin: context.origin(publish.span))
    }
  }
  gate.lower(into: &table, .prerouting)
  hostGate.lower(into: &table, .output)
}

extension Publish {
  /// The family, where there is but one.
  fileprivate var onlyFamily: AddressFamily? { families.count == 1 ? families[0] : nil }
}

extension Publish.Terms {
  /// Whether there is a limit or a count of connections.
  fileprivate var counts: Bool { clauses.limit != nil || clauses.connections != nil }

  /// Whether the host's own processes are not among those who may use it.
  fileprivate var refusesHost: Bool {
    if exceptions.contains(where: \.coversHost) || clauses.via != nil { return true }
    return !sources.isEmpty && !sources.contains(where: \.coversHost)
  }
}

extension Peer {
  fileprivate var coversHost: Bool {
    switch self {
    case .host, .any: true
    case .addresses(let set): set.ranges.contains { $0.first.isLoopback }
    case .network, .guest, .world: false
    }
  }
}

/// The maps that send restricted ports to the chain that knows who may use them.
private struct AdmissionGate {
  let hook: String
  let map: String
  private var specific: [AddressFamily: [VerdictMap.Element]] = [:]
  private var wildcard: [AddressFamily: [VerdictMap.Element]] = [:]
  /// Ranges too large to spell out.
  private var ranges: [Rule] = []
  /// The ports that are restricted on every address; sorted by ``sortGuards()``, never overlapping.
  private var guarded: [AddressFamily: [TransportProtocol: [PortRange]]] = [:]

  init(hook: String, map: String) {
    self.hook = hook
    self.map = map
  }

  mutating func add(
    _ publish: Publish, _ family: AddressFamily, _ verdict: Verdict, origin: Origin?
  ) {
    if publish.hostAddress == nil {
      guarded[family, default: [:]][publish.transport, default: []].append(publish.hostPorts)
    }
    insert(publish, family, verdict, origin: origin)
  }

  mutating func sortGuards() {
    guarded = guarded.mapValues { $0.mapValues { $0.sorted() } }
  }

  /// Lets everybody use a publish on one address whose port is restricted on the others.
  ///
  /// - Complexity: O(log guards).
  mutating func exempt(_ publish: Publish, _ family: AddressFamily, origin: Origin?) {
    guard publish.hostAddress != nil, let ports = guarded[family]?[publish.transport],
      overlaps(ports, publish.hostPorts)
    else { return }
    insert(publish, family, .return, origin: origin)
  }

  private func overlaps(_ sorted: [PortRange], _ ports: PortRange) -> Bool {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].upper < ports.lower { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && sorted[low].overlaps(ports)
  }

  private mutating func insert(
    _ publish: Publish, _ family: AddressFamily, _ verdict: Verdict, origin: Origin?
  ) {
    guard publish.hostPorts.count <= widestExpandedRange else {
      let address = publish.hostAddress.map { [Match.destination(AddressMatch($0))] }
      ranges.append(
        Rule(
          (address ?? [.family(family)]) + [
            .transport(publish.transport), .destinationPort([publish.hostPorts]),
          ], [.verdict(verdict)], origin: origin))
      return
    }
    let (transport, ports) = (publish.transport, publish.hostPorts)
    if let address = publish.hostAddress {
      specific[family, default: []].append(
        VerdictMap.Element(ElementKey(address, transport, ports), verdict, origin: origin))
    } else {
      wildcard[family, default: []].append(
        VerdictMap.Element(ElementKey(transport, ports), verdict, origin: origin))
    }
  }

  func lower(into table: inout TableBuilder, _ place: Hook) {
    var rules: [Rule] = []
    for family in AddressFamily.allCases {
      let address = KeyField.destinationAddress(family)
      rules += dispatch(specific[family], "\(map)\(family.rawValue)", family, [address], &table)
      rules += dispatch(wildcard[family], "\(map)\(family.rawValue)-any", family, [], &table)
    }
    rules += ranges
    guard !rules.isEmpty else { return }
    table.addChain(hook, rules)
    table.addBase(
      place == .output ? "admission-output" : "admission-prerouting",
      BaseChain(.filter, place, priority: HookPriority.admission),
      [
        Rule(
          [.connectionState([.new]), .destinationIsLocal(true)], [.verdict(.jump(hook))],
          comment: "who may use a published port")
      ])
  }

  private func dispatch(
    _ elements: [VerdictMap.Element]?, _ name: String, _ family: AddressFamily,
    _ prefix: [KeyField], _ table: inout TableBuilder
  ) -> [Rule] {
    guard let elements else { return [] }
    let fields = prefix + [.transport, .destinationPort]
    table.add(VerdictMap(name, fields, elements: elements))
    return [Rule([.family(family)], [.dispatch(fields, map: name)])]
  }
}

/// One chain for each different set of users, shared by all publishes that have it.
struct AdmissionChains {
  private struct Users: Hashable {
    let families: FamilySet
    let terms: Publish.Terms
    /// The line, where something is counted: lines never share a count.
    let line: SourceSpan?
  }

  let prefix: String
  let admitted: Verdict
  let refused: Verdict
  private var names: [Users: String] = [:]

  init(prefix: String, admitted: Verdict, refused: Verdict) {
    self.prefix = prefix
    self.admitted = admitted
    self.refused = refused
  }

  /// The chain that judges who uses `publish`; made where there is none yet.
  mutating func chain(
    for publish: Publish, _ context: LoweringContext, _ table: inout TableBuilder
  ) -> String {
    let terms = context.policy.terms(of: publish)
    let users = Users(
      families: publish.familySet, terms: terms, line: terms.counts ? publish.span : nil)
    if let name = names[users] { return name }
    let name = table.uniqueName(prefix)
    names[users] = name
    table.addChain(name, rules(publish, context, &table))
    return name
  }

  private func rules(
    _ publish: Publish, _ context: LoweringContext, _ table: inout TableBuilder
  ) -> [Rule] {
    let terms = context.policy.terms(of: publish)
    var rules: [Rule] = []
    for matches in alternatives(terms.exceptions, publish, context, &table) {
      rules.append(context.rule(matches, refused, "except", at: publish.span))
    }
    if let limit = terms.clauses.connections {
      for matches in connectionMatches(
        limit, name: prefix, family: publish.onlyFamily, into: &table)
      {
        rules.append(context.rule(matches, refused, "too many connections", at: publish.span))
      }
    }
    let users =
      terms.sources.isEmpty ? [[]] : alternatives(terms.sources, publish, context, &table)
    rules += admit(users, publish, context, &table)
    let admitsAll = rules.last?.matches.isEmpty ?? false
    if !admitsAll, refused != .return {
      rules.append(context.rule([], refused, "not among those it is published for"))
    }
    return rules
  }

  /// Lets in whom one of `users` describes, as far as the limit goes; it is the line's, so it
  /// stands once.
  private func admit(
    _ users: [[Match]], _ publish: Publish, _ context: LoweringContext,
    _ table: inout TableBuilder
  ) -> [Rule] {
    let origin = context.origin(publish.span)
    let clauses = context.policy.terms(of: publish).clauses
    let via = clauses.via.map { [Match.inputInterface(.equals($0))] } ?? []
    let users = users.map { $0 + via }
    let actions = admittingActions(clauses)
    guard let limit = clauses.limit else {
      return users.map { Rule($0, actions, origin: origin) }
    }
    let family = publish.onlyFamily ?? (users.count == 1 ? users[0].namedFamily : nil)
    let limits = limitMatches(limit, name: prefix, family: family, into: &table)
    if users.count == 1 { return limits.map { Rule(users[0] + $0, actions, origin: origin) } }
    let chain = table.uniqueName("\(prefix)-limit")
    let refusal = refused == .return ? [] : [context.rule([], refused, "beyond the limit")]
    table.addChain(chain, limits.map { Rule($0, actions, origin: origin) } + refusal)
    return users.map { Rule($0, [.verdict(.goto(chain))], origin: origin) }
  }

  private func admittingActions(_ clauses: FlowClauses) -> [Action] {
    var actions: [Action] = [.counter]
    if let log = clauses.log {
      actions.append(.log(prefix: log.prefix.isEmpty ? "bridgeward: " : log.prefix))
    }
    return actions + [.verdict(admitted)]
  }

  private func alternatives(
    _ peers: [Peer], _ publish: Publish, _ context: LoweringContext,
    _ table: inout TableBuilder
  ) -> [[Match]] {
    var result: [[Match]] = []
    for family in publish.families {
      for endpoint in context.endpoints(peers, family) {
        guard let matches = table.sourceMatches(endpoint, in: .forward, context) else { continue }
        if !result.contains(matches) { result.append(matches) }
      }
    }
    return result
  }
}
