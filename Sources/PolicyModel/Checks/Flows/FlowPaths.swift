import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Lines that would open a way between an internal network and the world.
  func checkPath(_ line: FlowLine, _ geometry: PeerGeometry, _ log: inout DiagnosticLog) {
    guard line.kind != .expectation, line.rule.verb == .allow else { return }
    let rule = line.rule
    let outside = rule.destinations.allSatisfy { isOutside($0, geometry) }
    let inside = rule.sources.allSatisfy { isOutside($0, geometry) }
    guard outside || inside else { return }
    let members = outside ? rule.sources : rule.destinations
    var found: Int?
    for peer in members {
      switch peer {
      case .network(let index), .guest(let index, _):
        guard policy.networks[index].isInternal else { return }
        found = found ?? index
      case .addresses, .host, .world, .any: return
      }
    }
    guard let found, let span = policy.networks[found].internalSpan else { return }
    log.add(.flowWithoutPath(line.statement, policy.networks[found].name, internal: span))
  }

  /// Whether a peer is the world or a part of it; addresses could be the host's own, but then they
  /// are said as `host`.
  private func isOutside(_ peer: Peer, _ geometry: PeerGeometry) -> Bool {
    switch peer {
    case .world: true
    case .addresses(let set): !set.isEmpty && !set.overlaps(geometry.internalAddresses)
    case .network, .guest, .host, .any: false
    }
  }
}
