import Netfilter
import NetworkTypes

/// The conditions of one rule, by how iptables can ask for them.
struct Conditions {
  /// Asked for as they are, all in one rule.
  var plain: [IptablesMatch] = []
  /// Of each list exactly one at most holds, and one has to.
  var anyOf: [[IptablesMatch]] = []
  /// None may hold.
  var noneOf: [IptablesMatch] = []
  /// Asked for last, and once for each packet only.
  var counting: [IptablesMatch] = []

  /// Adds a condition that holds where one of `alternatives`, which exclude each other, does.
  ///
  /// - Returns: whether anything can match at all.
  mutating func require(anyOf alternatives: [IptablesMatch]) -> Bool {
    if alternatives.count == 1 { plain.append(alternatives[0]) }
    if alternatives.count > 1 { anyOf.append(alternatives) }
    return !alternatives.isEmpty
  }
}

/// What a rule asks of the interface of one direction.
struct InterfaceChoice {
  private var allowed: [InterfaceName]?
  private var refused: Set<InterfaceName> = []

  mutating func restrict(to names: [InterfaceName]) {
    allowed = allowed.map { $0.filter(names.contains) } ?? names
  }

  mutating func refuse(_ names: [InterfaceName]) { refused.formUnion(names) }

  /// Adds the choice to `conditions`; false where no interface is left.
  func add(
    to conditions: inout Conditions, _ match: (InterfaceName, _ negated: Bool) -> IptablesMatch
  ) -> Bool {
    if let allowed {
      let left = allowed.filter { !refused.contains($0) }
      return conditions.require(anyOf: left.map { match($0, false) })
    }
    let names = refused.sorted()
    // A rule takes one interface of each direction.
    if names.count == 1 { conditions.plain.append(match(names[0], true)) }
    if names.count > 1 { conditions.noneOf += names.map { match($0, false) } }
    return true
  }
}

extension TableLegalizer {
  /// The conditions of `rule`; `nil` where it can match no packet of this family, or where iptables
  /// cannot ask for one of them, which is reported.
  mutating func conditions(of rule: Rule) -> Conditions? {
    guard rule.matches.allSatisfy({ $0.family == nil || $0.family == family }) else { return nil }
    var conditions = Conditions()
    var input = InterfaceChoice()
    var output = InterfaceChoice()
    for match in rule.matches {
      if let because = obstacle(to: match) {
        report(.condition(match.words, because: because), rule)
        return nil
      }
      if case .inputInterface(let match) = match {
        narrow(&input, match)
      } else if case .outputInterface(let match) = match {
        narrow(&output, match)
      } else if !add(match, to: &conditions, rule) {
        return nil
      }
    }
    guard input.add(to: &conditions, { .inputInterface($0, negated: $1) }),
      output.add(to: &conditions, { .outputInterface($0, negated: $1) })
    else { return nil }
    return conditions
  }

  /// Why nobody can ask that wherever this rule is reached; `nil` where it can be asked.
  private func obstacle(to match: Match) -> String? {
    switch match {
    case .inputInterface:
      place(without: \.knowsInput).map { "packets in \($0) have no incoming interface" }
    case .outputInterface:
      place(without: \.knowsOutput).map { "packets in \($0) have no outgoing interface yet" }
    case .sourceMAC:
      place(without: \.knowsInput).map { "packets in \($0) come from no other machine" }
    case .transport(let transport): transport.number == 0 ? "protocol 0 means any to it" : nil
    case .icmp(_, let type, _): type == 255 ? "ICMP type 255 means any to it" : nil
    case .inputBridge, .outputBridge, .etherType, .arpSenderAddress, .arpSenderMAC,
      .arpTargetAddress, .neighborTarget, .remembered:
      "it sees IP packets, not frames and ARP"
    case .family, .source, .destination, .sourceIsLocal, .destinationIsLocal, .sourcePort,
      .destinationPort, .connectionState, .destinationTranslated, .originalDirection, .mark,
      .limit, .connectionsOver, .connectionAttempt:
      nil
    }
  }

  /// The first built-in chain that reaches this rule and does not know `fact`.
  private func place(without fact: (BuiltinChain) -> Bool) -> String? {
    BuiltinChain.allCases.first { reach.contains($0) && !fact($0) }?.rawValue
  }
}
