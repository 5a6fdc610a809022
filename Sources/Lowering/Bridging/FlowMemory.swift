import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// How bridge rules know the answers to what they let pass.
///
/// Where the kernel tracks connections of bridges, by that. Where it does not, UDP and ICMP flows
/// are remembered in sets, as conntrack would, and TCP by its flags.
struct FlowMemory {
  let usesConntrack: Bool
  /// Whether some rule fills the sets.
  private(set) var isUsed = false
  private var families: Set<AddressFamily> = []

  /// How long an idle flow is remembered, in seconds: conntrack's own times for UDP streams and
  /// for protocols that it does not know (nf_conntrack_udp_timeout_stream,
  /// nf_conntrack_generic_timeout).
  private static let portsTimeout = 180
  private static let otherTimeout = 600

  private static let chain = "remember"

  init(usesConntrack: Bool) { self.usesConntrack = usesConntrack }

  /// Says that some rule fills the sets of these families.
  mutating func use(_ families: [AddressFamily]) {
    isUsed = true
    self.families.formUnion(families)
  }

  /// A rule that accepts what matches, and its answers from then on.
  mutating func pass(_ matches: [Match] = [], origin: Origin? = nil) -> Rule {
    guard !usesConntrack else {
      return Rule(matches, [.counter, .verdict(.accept)], origin: origin)
    }
    isUsed = true
    return Rule(matches, [.counter, .verdict(.goto(Self.chain))], origin: origin)
  }

  /// The rules that accept answers.
  ///
  /// - Parameter isOpen: whether members may talk at all: then only first packets are judged.
  func answers(
    isOpen: Bool, _ families: [AddressFamily], _ context: LoweringContext
  ) -> [Rule] {
    guard !usesConntrack else { return context.connectionRules }
    var rules: [Rule] = []
    if isOpen {
      rules.append(
        context.rule([.transport(.tcp), .connectionAttempt(false)], .accept, "replies"))
    }
    return rules
      + Self.keys.filter { families.contains($0.key.family) }.map { entry in
        context.rule(
          Self.answerMatches(entry.key) + [.remembered(entry.key, set: entry.set)], .accept,
          "replies")
      }
  }

  private static let keys: [(key: FlowKey, set: String, timeout: Int)] =
    AddressFamily.allCases.flatMap { family -> [(FlowKey, String, Int)] in
      let number = family.rawValue
      return [
        (.ports(family, .udp), "flows-udp\(number)", portsTimeout),
        (.ports(family, .sctp), "flows-sctp\(number)", otherTimeout),
        (.echo(family), "flows-echo\(number)", portsTimeout),
        (.addresses(family), "flows-other\(number)", otherTimeout),
      ]
    }

  /// The sets, and the chain that fills them.
  func lower(into table: inout TableBuilder) {
    guard isUsed, !usesConntrack else { return }
    let keys = Self.keys.filter { families.contains($0.key.family) }
    for entry in keys {
      table.add(NamedSet(entry.set, .flows(entry.key, timeout: entry.timeout)))
    }
    let accept = Rule([], [.verdict(.accept)])
    var rules: [Rule] = [Rule([.transport(.tcp)], [.verdict(.accept)])]
    let errors = [TransportProtocol.icmp, .icmpv6].map {
      Rule([.transport($0)], [.verdict(.accept)], comment: "no answer expected")
    }
    for entry in keys.sorted(by: { !$0.key.isCatchAll && $1.key.isCatchAll }) {
      if entry.key.isCatchAll, !rules.contains(errors[0]) { rules += errors }
      rules.append(Rule(Self.matches(entry.key), [.remember(entry.key, set: entry.set)]))
      if entry.key.isCatchAll { continue }
      // A full set must not cost the packet itself, so accepting is a rule of its own.
      rules.append(Rule(Self.matches(entry.key), [.verdict(.accept)]))
    }
    table.addChain(Self.chain, rules + [accept])
  }

  private static func matches(_ key: FlowKey) -> [Match] {
    switch key {
    case .ports(let family, let transport): [.family(family), .transport(transport)]
    // Echo request: 8 (RFC 792), 128 (RFC 4443).
    case .echo(let family): [.icmp(family, type: family == .ipv4 ? 8 : 128, code: nil)]
    case .addresses(let family): [.family(family)]
    }
  }

  /// Echo reply: 0 (RFC 792), 129 (RFC 4443).
  private static func answerMatches(_ key: FlowKey) -> [Match] {
    switch key {
    case .echo(let family): [.icmp(family, type: family == .ipv4 ? 0 : 129, code: nil)]
    case .ports, .addresses: []
    }
  }
}

extension FlowKey {
  fileprivate var family: AddressFamily {
    switch self {
    case .ports(let family, _), .echo(let family), .addresses(let family): family
    }
  }

  /// Whether it takes every protocol of its family.
  fileprivate var isCatchAll: Bool {
    switch self {
    case .addresses: true
    case .ports, .echo: false
    }
  }
}
