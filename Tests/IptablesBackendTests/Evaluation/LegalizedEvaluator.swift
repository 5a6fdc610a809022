import IptablesBackend
import Netfilter
import NetworkTypes

/// Follows a packet through one table of iptables.
struct LegalizedEvaluator {
  private let chains: [String: IptablesChain]
  private let hook: String

  init?(_ legalized: Legalized, _ name: TableName) {
    guard let table = legalized.tables.first(where: { $0.name == name }),
      let hook = legalized.hooks.first(where: { $0.table == name })
    else { return nil }
    chains = Dictionary(uniqueKeysWithValues: table.chains.map { ($0.name, $0) })
    self.hook = hook.chain
  }

  func outcome(of packet: Packet) -> Outcome {
    var packet = packet
    var outcome = Outcome()
    run(from: hook, &outcome) { chain, index, outcome in
      guard let rules = chains[chain]?.rules, index < rules.count else { return nil }
      return next(rules[index], &packet, &outcome)
    }
    return outcome
  }

  private func next(
    _ rule: IptablesRule, _ packet: inout Packet, _ outcome: inout Outcome
  ) -> Next {
    for match in rule.matches where !holds(match, packet, &outcome) { return .rule }
    switch rule.target {
    case .accept: return .end("accept")
    case .drop: return .end("drop")
    case .return: return .caller
    case .jump(let chain): return .call(chain)
    case .goto(let chain): return .chain(chain)
    case .log(let prefix): outcome.events.append("log \(prefix)")
    case .setMark(let mark): packet.mark = packet.mark & ~mark.mask | mark.value
    case .destination(let address, let shifted):
      let port = shifted.map { $0.ports.lower + packet.destinationPort - $0.base }
      return .end("to \(address):\(port ?? packet.destinationPort)")
    case .none, .reject, .source, .masquerade, .clampMSS, .fillChecksum: break
    }
    return .rule
  }

  private func holds(_ match: IptablesMatch, _ packet: Packet, _ outcome: inout Outcome) -> Bool {
    switch match {
    case .inputInterface(let name, let negated): return (name == packet.input) != negated
    case .outputInterface(let name, let negated): return (name == packet.output) != negated
    case .source(let range, let negated): return range.contains(packet.source) != negated
    case .destination(let range, let negated):
      return range.contains(packet.destination) != negated
    case .transport(let transport): return packet.transport == transport
    case .sourcePorts(let ports): return ports.contains { $0.contains(packet.sourcePort) }
    case .destinationPorts(let ports):
      return ports.contains { $0.contains(packet.destinationPort) }
    case .mark(let mark): return packet.mark & mark.mask == mark.value
    case .limit(_, _, let burst), .hashLimit(_, _, let burst, _, _):
      outcome.events.append("count \(burst)")
      return burst % 2 == 0
    case .connectionsOver(let count, _):
      outcome.events.append("connections \(count)")
      return count % 2 == 0
    case .sourceIsLocal, .destinationIsLocal, .icmp, .connectionState, .destinationTranslated,
      .originalDirection, .sourceMAC, .connectionAttempt, .handshake:
      return false
    }
  }
}
