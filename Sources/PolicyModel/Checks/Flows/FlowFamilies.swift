import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Flows whose sides, or whose match, have no address family in common.
  func checkFamilies(_ line: FlowLine, _ geometry: PeerGeometry, _ log: inout DiagnosticLog) {
    let rule = line.rule
    if isDamaged(rule.sources) || isDamaged(rule.destinations) { return }
    if line.namesEmptyList || isVacant(rule.sources) || isVacant(rule.destinations) {
      if line.kind == .expectation { log.add(.vacuousExpectation(line.statement)) }
      return
    }
    let source = geometry.families(of: rule.sources)
    let destination = geometry.families(of: rule.destinations)
    let carried = families(rule.services)
    if !source.intersection(destination).intersection(carried).isEmpty { return }
    if line.kind == .expectation { return log.add(.vacuousExpectation(line.statement)) }
    log.add(.impossibleFlow(line.statement, source, destination, carried))
  }

  private func families(_ services: [ServiceMatch]) -> FamilySet {
    if services.isEmpty { return .both }
    return services.reduce(into: []) { result, service in
      switch service {
      case .transport(.icmp): result.insert(.ipv4)
      case .transport(.icmpv6): result.insert(.ipv6)
      case .transport, .ports: result.formUnion(.both)
      case .icmp(let family, _): result.insert(FamilySet(family))
      }
    }
  }

  /// Whether an address that could not be read is missing from some peer.
  private func isDamaged(_ peers: [Peer]) -> Bool {
    peers.contains { peer in
      switch peer {
      case .network(let index), .guest(let index, _): networks[index].isDamaged
      case .addresses, .host, .world, .any: false
      }
    }
  }

  /// Whether the peers are networks without any subnet, which is said elsewhere.
  private func isVacant(_ peers: [Peer]) -> Bool {
    peers.allSatisfy { peer in
      guard case .network(let index) = peer else { return false }
      return policy.networks[index].subnets.isEmpty
    }
  }
}
