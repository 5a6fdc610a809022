import Netfilter
import NetworkTypes

extension TableLegalizer {
  /// Adds what `match` asks; false where nothing can match.
  mutating func add(_ match: Match, to conditions: inout Conditions, _ rule: Rule) -> Bool {
    switch match {
    case .source(let match): return add(match, to: &conditions) { .source($0, negated: $1) }
    case .destination(let match):
      return add(match, to: &conditions) { .destination($0, negated: $1) }
    case .sourcePort(let ports): return add(ports, to: &conditions) { .sourcePorts($0) }
    case .destinationPort(let ports): return add(ports, to: &conditions) { .destinationPorts($0) }
    case .transport(let transport): conditions.plain.append(.transport(transport))
    case .icmp(_, let type, let code):
      conditions.plain += [
        .transport(family == .ipv4 ? .icmp : .icmpv6), .icmp(type: type, code: code),
      ]
    case .connectionAttempt(let isAttempt):
      conditions.plain += [.transport(.tcp), .connectionAttempt(isAttempt)]
    case .sourceIsLocal(let isLocal): conditions.plain.append(.sourceIsLocal(isLocal))
    case .destinationIsLocal(let isLocal): conditions.plain.append(.destinationIsLocal(isLocal))
    case .connectionState(let states):
      conditions.plain.append(.connectionState(states.sorted()))
      return !states.isEmpty
    case .destinationTranslated(let isTranslated):
      conditions.plain.append(.destinationTranslated(isTranslated))
    case .originalDirection: conditions.plain.append(.originalDirection)
    case .mark(let mark):
      conditions.plain.append(.mark(mark))
      return !absentMarks.contains(mark)
    case .sourceMAC(let address, let negated):
      conditions.plain.append(.sourceMAC(address, negated: negated))
    case .limit(let limit): conditions.counting.append(legalize(limit, rule))
    case .connectionsOver(let count, let perSource, let meter):
      guard !perSource || isMeter(meter) else { return false }
      conditions.counting.append(.connectionsOver(count, perSource: perSource))
    case .family, .inputInterface, .outputInterface, .inputBridge, .outputBridge, .etherType,
      .arpSenderAddress, .arpSenderMAC, .arpTargetAddress, .neighborTarget, .remembered:
      // Nothing to ask, or asked elsewhere.
      return true
    }
    return true
  }

  func narrow(_ choice: inout InterfaceChoice, _ match: InterfaceMatch) {
    switch match {
    case .equals(let name): choice.restrict(to: [name])
    case .differs(let name): choice.refuse([name])
    case .isIn(let set): choice.restrict(to: interfaces(in: set))
    case .isNotIn(let set): choice.refuse(interfaces(in: set))
    }
  }

  private func interfaces(in set: String) -> [InterfaceName] {
    if case .interfaces(let names) = lookups.sets[set] { return names }
    return []
  }

  /// Whether the meter counts sources of this family.
  private func isMeter(_ meter: String) -> Bool {
    if case .meter(let own) = lookups.sets[meter] { return own == family }
    return true
  }

  private func add(
    _ match: AddressMatch, to conditions: inout Conditions,
    _ condition: (AddressRange, _ negated: Bool) -> IptablesMatch
  ) -> Bool {
    let ranges = addresses(match.operand)
    let isEverything = ranges == [.all(family)]
    guard match.negated else {
      return isEverything || conditions.require(anyOf: ranges.map { condition($0, false) })
    }
    if ranges.count <= Self.mostNegationsInARule {
      conditions.plain += ranges.map { condition($0, true) }
    } else {
      conditions.noneOf += ranges.map { condition($0, false) }
    }
    return !isEverything
  }

  /// A rule may refuse some ranges by itself; for more a chain is easier on the eye.
  private static var mostNegationsInARule: Int { 4 }

  private func addresses(_ operand: AddressMatch.Operand) -> [AddressRange] {
    switch operand {
    case .range(let range): return [range]
    case .set(let name, _):
      if case .addresses(_, let ranges) = lookups.sets[name] { return ranges }
      return []
    }
  }

  private func add(
    _ ports: [PortRange], to conditions: inout Conditions,
    _ condition: ([PortRange]) -> IptablesMatch
  ) -> Bool {
    let merged = ports.merged
    return merged == [.all]
      || conditions.require(anyOf: portGroups(merged).map(condition))
  }
}

/// The most ports that one rule takes (XT_MULTI_PORTS); a range counts as two.
private let mostPorts = 15

/// `ports` in groups that fit a rule each.
func portGroups(_ ports: [PortRange]) -> [[PortRange]] {
  var groups: [[PortRange]] = []
  var room = 0
  for range in ports {
    let size = range.lower == range.upper ? 1 : 2
    if room < size {
      groups.append([])
      room = mostPorts
    }
    groups[groups.count - 1].append(range)
    room -= size
  }
  return groups
}
