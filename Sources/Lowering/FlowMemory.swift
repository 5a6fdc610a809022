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
  private var isUsed = false

  /// How long an idle flow is remembered, in seconds: conntrack's own times for UDP streams and
  /// for protocols that it does not know (nf_conntrack_udp_timeout_stream,
  /// nf_conntrack_generic_timeout).
  private static let portsTimeout = 180
  private static let otherTimeout = 600

  private static let chain = "remember"

  init(usesConntrack: Bool) { self.usesConntrack = usesConntrack }

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
  mutating func answers(isOpen: Bool, _ context: LoweringContext) -> [Rule] {
    guard !usesConntrack else { return context.connectionRules }
    isUsed = true
    var rules: [Rule] = []
    if isOpen {
      rules.append(
        context.rule([.transport(.tcp), .connectionAttempt(false)], .accept, "replies"))
    }
    return rules
      + Self.keys.map { context.rule([.remembered($0.key, set: $0.set)], .accept, "replies") }
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
    guard isUsed else { return }
    for entry in Self.keys {
      table.add(NamedSet(entry.set, .flows(entry.key, timeout: entry.timeout)))
    }
    let accept = Rule([], [.verdict(.accept)])
    var rules: [Rule] = [Rule([.transport(.tcp)], [.verdict(.accept)])]
    for entry in Self.keys {
      rules.append(Rule(Self.matches(entry.key), [.remember(entry.key, set: entry.set)]))
      if case .addresses = entry.key { continue }
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
}
