import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// How bridge rules know the packets of what they let pass.
///
/// Where the kernel tracks connections of bridges, by that. Where it does not, UDP and ICMP flows
/// are remembered in sets, as conntrack would, and TCP by its flags.
struct FlowMemory {
  let usesConntrack: Bool
  /// The families of the packets that can come by.
  private let families: [AddressFamily]
  /// What some rule puts into a set, or looks up there.
  private var keys: Set<FlowKey> = []
  /// The rules that accept TCP answers to what single lines let pass.
  private var tcpAnswers: [Rule] = []

  private static let chain = "remember"

  init(usesConntrack: Bool, _ families: [AddressFamily]) {
    self.usesConntrack = usesConntrack
    self.families = families
  }

  /// Says that the rules that `other` made stand in the same table.
  mutating func merge(_ other: FlowMemory) { keys.formUnion(other.keys) }

  /// A rule that accepts what matches, and its answers from then on.
  ///
  /// - Parameter packets: what else is known of the packets that come by the rule, one list for
  ///   each kind of them.
  mutating func pass(
    _ matches: [Match] = [], of packets: [[Match]] = [[]], log: [Action] = [],
    origin: Origin? = nil, _ why: String? = nil
  ) -> Rule {
    let keys = self.keys(packets.map { matches + $0 })
    self.keys.formUnion(keys)
    let verdict = keys.isEmpty ? Verdict.accept : .goto(Self.chain)
    return Rule(matches, [.counter] + log + [.verdict(verdict)], origin: origin, comment: why)
  }

  /// Has ``answers(isOpen:_:)`` accept what these rules do.
  mutating func expect(_ answers: [Rule]) { tcpAnswers += answers }

  /// The rules that accept answers; they come before all lines, for no line is about answers.
  ///
  /// - Parameter isOpen: whether members may talk at all: then only first packets are judged.
  func answers(isOpen: Bool, _ context: LoweringContext) -> [Rule] {
    guard !usesConntrack else { return context.connectionRules }
    let tcp =
      isOpen
      ? [context.rule([.transport(.tcp), .connectionAttempt(false)], .accept, "replies")]
      : tcpAnswers
    return tcp
      + FlowStore.all.filter { keys.contains($0.key) }.map { store in
        context.rule(store.matches(.answering), .accept, "replies")
      }
  }

  /// The conditions that a packet goes on in a flow that was let pass, one list for each way to be
  /// sure of that.
  mutating func goingOn(_ packets: [[Match]]) -> [[Match]] {
    guard !usesConntrack else { return [[.connectionState([.established, .related])]] }
    let keys = self.keys(packets)
    // The sets have to be there, even if no line lets such packets pass.
    self.keys.formUnion(keys)
    let canBeTCP = packets.contains { $0.transport == nil || $0.transport == .tcp }
    return (canBeTCP ? [[.transport(.tcp), .connectionAttempt(false)]] : [])
      + FlowStore.all.filter { keys.contains($0.key) }.map { $0.matches(.opening) }
  }

  /// What tells the flows of such packets from others; nothing for those that need no memory.
  private func keys(_ packets: [[Match]]) -> Set<FlowKey> {
    guard !usesConntrack else { return [] }
    return Set(
      packets.flatMap { matches -> [FlowKey] in
        let families = matches.namedFamily.map { [$0] } ?? self.families
        return families.flatMap { matches.flowKeys($0) }
      })
  }

  /// The sets, and the chain that fills them.
  func lower(into table: inout TableBuilder) {
    let stores = FlowStore.all.filter { keys.contains($0.key) }
    guard !stores.isEmpty else { return }
    for store in stores {
      table.add(NamedSet(store.set, .flows(store.key, timeout: store.timeout)))
    }
    let others = stores.filter(\.isCatchAll)
    // What is remembered in a set of its own, or needs no memory, is none of the others.
    var rules = others.isEmpty ? [] : [Rule([.transport(.tcp)], [.verdict(.accept)])]
    // A full set must not cost the packet itself, so accepting is a rule of its own.
    for store in stores where !store.isCatchAll {
      rules.append(Rule(store.matches(nil), [.remember(store.key, set: store.set)]))
      if !others.isEmpty { rules.append(Rule(store.matches(nil), [.verdict(.accept)])) }
    }
    if !others.isEmpty {
      rules += [TransportProtocol.icmp, .icmpv6].map {
        Rule([.transport($0)], [.verdict(.accept)], comment: "no answer expected")
      }
    }
    rules += others.map { Rule($0.matches(nil), [.remember($0.key, set: $0.set)]) }
    table.addChain(Self.chain, rules + [Rule([], [.verdict(.accept)])])
  }
}

/// A set of remembered flows.
private struct FlowStore {
  let key: FlowKey
  let set: String
  /// How long an idle flow is remembered, in seconds: conntrack's own times for UDP streams and
  /// for protocols that it does not know (nf_conntrack_udp_timeout_stream,
  /// nf_conntrack_generic_timeout).
  let timeout: Int

  /// Every set that there can be, in the order in which they are looked up.
  static let all: [FlowStore] = AddressFamily.allCases.flatMap { family -> [FlowStore] in
    let number = family.rawValue
    return [
      FlowStore(key: .ports(family, .udp), set: "flows-udp\(number)", timeout: 180),
      FlowStore(key: .ports(family, .sctp), set: "flows-sctp\(number)", timeout: 600),
      FlowStore(key: .echo(family), set: "flows-echo\(number)", timeout: 180),
      FlowStore(key: .addresses(family), set: "flows-other\(number)", timeout: 600),
    ]
  }

  /// Whether it takes every protocol of its family.
  var isCatchAll: Bool {
    switch key {
    case .addresses: true
    case .ports, .echo: false
    }
  }

  /// The conditions that a packet is one to remember (`nil`), or is of a remembered flow.
  func matches(_ side: FlowSide?) -> [Match] {
    let remembered = side.map { [Match.remembered(key, set: set, $0)] } ?? []
    switch key {
    case .ports(let family, let transport):
      return side == nil ? [.family(family), .transport(transport)] : remembered
    case .echo(let family): return [family.echo(answers: side == .answering)] + remembered
    case .addresses(let family): return side == nil ? [.family(family)] : remembered
    }
  }
}

extension AddressFamily {
  /// Echo request and reply: 8 and 0 (RFC 792), 128 and 129 (RFC 4443).
  fileprivate func echo(answers: Bool) -> Match {
    switch self {
    case .ipv4: .icmp(.ipv4, type: answers ? 0 : 8, code: nil)
    case .ipv6: .icmp(.ipv6, type: answers ? 129 : 128, code: nil)
    }
  }
}

extension [Match] {
  /// The protocol that packets must have, where the conditions name one.
  fileprivate var transport: TransportProtocol? {
    for match in self {
      if case .transport(let transport) = match { return transport }
      if case .icmp(let family, _, _) = match { return family == .ipv4 ? .icmp : .icmpv6 }
    }
    return nil
  }

  /// What tells flows of such packets apart, in one family.
  fileprivate func flowKeys(_ family: AddressFamily) -> [FlowKey] {
    switch transport {
    case .none: return FlowStore.all.map(\.key).filter { $0.family == family }
    case .some(.tcp): return []
    case .some(.udp): return [.ports(family, .udp)]
    case .some(.sctp): return [.ports(family, .sctp)]
    case .some(.icmp), .some(.icmpv6):
      let types = filter { if case .icmp = $0 { true } else { false } }
      return types.isEmpty || types.contains(family.echo(answers: false)) ? [.echo(family)] : []
    case .some: return [.addresses(family)]
    }
  }
}

extension FlowKey {
  fileprivate var family: AddressFamily {
    switch self {
    case .ports(let family, _), .echo(let family), .addresses(let family): family
    }
  }
}
