import Netfilter
import NetworkTypes

/// Follows a packet through a ruleset, by the meaning of the IR.
struct RulesetEvaluator {
  private let table: Table
  private let chains: [String: Chain]
  private let sets: [String: NamedSet.Content]

  init(_ table: Table) {
    self.table = table
    chains = Dictionary(uniqueKeysWithValues: table.chains.map { ($0.name, $0) })
    sets = Dictionary(uniqueKeysWithValues: table.sets.map { ($0.name, $0.content) })
  }

  func outcome(of packet: Packet, from base: String) -> Outcome {
    var packet = packet
    var outcome = Outcome()
    run(from: base, &outcome) { chain, index, outcome in
      guard let rules = chains[chain]?.rules, index < rules.count else { return nil }
      return next(rules[index], &packet, &outcome)
    }
    return outcome
  }

  private func next(_ rule: Rule, _ packet: inout Packet, _ outcome: inout Outcome) -> Next {
    for match in rule.matches where !holds(match, packet, &outcome) { return .rule }
    for action in rule.actions {
      switch action {
      case .log(let prefix): outcome.events.append("log \(prefix)")
      case .setMark(let mark): packet.mark = packet.mark & ~mark.mask | mark.value
      case .verdict(let verdict): return next(verdict)
      case .dispatch(let fields, let map): return lookUp(fields, map, packet)
      case .destinationNAT(.map(let map)): return rewrite(map, packet)
      default: continue
      }
    }
    return .rule
  }

  private func next(_ verdict: Verdict) -> Next {
    switch verdict {
    case .accept: .end("accept")
    case .drop: .end("drop")
    case .return: .caller
    case .jump(let chain): .call(chain)
    case .goto(let chain): .chain(chain)
    }
  }

  private func lookUp(_ fields: [KeyField], _ name: String, _ packet: Packet) -> Next {
    guard let map = table.verdictMaps.first(where: { $0.name == name }),
      let element = map.elements.first(where: { has($0.key, fields, packet) })
    else { return .rule }
    return next(element.verdict)
  }

  private func rewrite(_ name: String, _ packet: Packet) -> Next {
    guard let map = table.addressMaps.first(where: { $0.name == name }),
      map.family == packet.source.family, map.transport == nil || map.transport == packet.transport,
      let element = map.elements.first(where: { has($0.key, map.fields, packet) })
    else { return .rule }
    var port = packet.destinationPort
    for case .ports(let range) in element.key {
      port = element.port.map { $0 + packet.destinationPort - range.lower } ?? port
    }
    return .end("to \(element.address):\(port)")
  }

  private func has(_ key: ElementKey, _ fields: [KeyField], _ packet: Packet) -> Bool {
    zip(key, fields).allSatisfy { value, field in
      switch (value, field) {
      case (.interface(let name), .inputInterface): name == packet.input
      case (.interface(let name), _): name == packet.output
      case (.address(let address), .sourceAddress): address == packet.source
      case (.address(let address), _): address == packet.destination
      case (.transport(let transport), _): transport == packet.transport
      case (.ports(let ports), _): ports.contains(packet.destinationPort)
      }
    }
  }

  private func holds(_ match: Match, _ packet: Packet, _ outcome: inout Outcome) -> Bool {
    switch match {
    case .family(let family): return packet.source.family == family
    case .inputInterface(let match): return holds(match, packet.input)
    case .outputInterface(let match): return holds(match, packet.output)
    case .source(let match): return holds(match, packet.source)
    case .destination(let match): return holds(match, packet.destination)
    case .transport(let transport): return packet.transport == transport
    case .sourcePort(let ports): return ports.contains { $0.contains(packet.sourcePort) }
    case .destinationPort(let ports):
      return ports.contains { $0.contains(packet.destinationPort) }
    case .mark(let mark): return packet.mark & mark.mask == mark.value
    case .limit(let limit):
      outcome.events.append("count \(limit.burst)")
      return limit.burst % 2 == 0
    case .connectionsOver(let count, _, _):
      outcome.events.append("connections \(count)")
      return count % 2 == 0
    default: return false
    }
  }

  private func holds(_ match: InterfaceMatch, _ interface: InterfaceName) -> Bool {
    func isIn(_ set: String) -> Bool {
      if case .interfaces(let names) = sets[set] { names.contains(interface) } else { false }
    }
    return switch match {
    case .equals(let name): name == interface
    case .differs(let name): name != interface
    case .isIn(let set): isIn(set)
    case .isNotIn(let set): !isIn(set)
    }
  }

  private func holds(_ match: AddressMatch, _ address: IPAddress) -> Bool {
    guard match.family == address.family else { return false }
    switch match.operand {
    case .range(let range): return range.contains(address) != match.negated
    case .set(let name, _):
      guard case .addresses(_, let ranges) = sets[name] else { return false }
      return ranges.contains { $0.contains(address) } != match.negated
    }
  }
}
