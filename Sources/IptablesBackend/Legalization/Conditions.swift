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
      guard isAskable(match) else {
        report(.condition(match.words), rule)
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

  /// Whether the kernel knows the answer wherever this rule is reached.
  private func isAskable(_ match: Match) -> Bool {
    switch match {
    case .inputInterface: reach.allSatisfy(\.knowsInput)
    case .outputInterface: reach.allSatisfy(\.knowsOutput)
    case .sourceMAC: reach.allSatisfy(\.knowsInput)
    case .transport(let transport): transport.number != 0
    case .icmp(_, let type, _): type != 255
    case .inputBridge, .outputBridge, .etherType, .arpSenderAddress, .arpSenderMAC,
      .neighborTarget, .remembered:
      false
    case .family, .source, .destination, .sourceIsLocal, .destinationIsLocal, .sourcePort,
      .destinationPort, .connectionState, .destinationTranslated, .originalDirection, .mark,
      .limit, .connectionsOver, .connectionAttempt:
      true
    }
  }
}
