import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  /// Resolves one flow line; a line with an error is left out.
  mutating func resolveFlow(_ node: AccessStatement, kind: FlowLine.Kind, in network: Int?) {
    let flow = node.flow
    let sources = resolvePeers(flow.sources, in: network)
    let destinations = resolvePeers(flow.destinations, in: network)
    let services = flow.match.map { resolveMatch($0) } ?? []
    let clauses = resolveClauses(flow.clauses, in: network)
    guard var sources, let destinations, let services, !clauses.isDamaged else { return }
    if let wanted = clauses.sources {
      let narrowed = narrow(sources, to: wanted)
      guard !narrowed.isEmpty else { return log.add(.noSourceLeft(node)) }
      sources = narrowed
    }
    let exceptions = sortExceptions(clauses, sources: sources, destinations: destinations)
    let rule = AccessRule(
      verb: verb(node.verb), sources: sources, destinations: destinations, services: services,
      sourceExceptions: exceptions.sources, destinationExceptions: exceptions.destinations,
      clauses: clauses.clauses, span: node.span)
    draft.flows.append(
      FlowLine(
        kind: kind, rule: rule, statement: node, network: network,
        namesEmptyList: sources.contains(where: isEmptyList)
          || destinations.contains(where: isEmptyList)))
  }

  private func isEmptyList(_ peer: Peer) -> Bool {
    if case .addresses(let set) = peer { set.isEmpty } else { false }
  }

  private func verb(_ verb: AccessVerb) -> AccessRule.Verb {
    switch verb {
    case .allow: .allow
    case .deny: .deny
    case .reject: .reject
    }
  }

  /// What of `sources` is in `wanted` too.
  private mutating func narrow(_ sources: [Peer], to wanted: [Peer]) -> [Peer] {
    let geometry = knownGeometry()
    var seen = Set<Peer>()
    var result: [Peer] = []
    for source in sources {
      for peer in wanted {
        guard let both = geometry.intersection(source, peer) else { continue }
        if seen.insert(both).inserted { result.append(both) }
      }
    }
    return result
  }

  /// The networks as sets, made when the first line needs them.
  private mutating func knownGeometry() -> PeerGeometry {
    if let geometry { return geometry }
    let made = PeerGeometry(draft.policy.networks)
    geometry = made
    return made
  }

  /// Puts each exception on the side that it cuts: the destination if it lies there, else the
  /// source; after `from`, the source. Of the host's addresses only gateways are known,
  /// so that others cut a destination `host` only where the source has none of them.
  private mutating func sortExceptions(
    _ clauses: ResolvedClauses, sources: [Peer], destinations: [Peer]
  ) -> (sources: [Peer], destinations: [Peer]) {
    guard !clauses.exceptions.isEmpty || !clauses.sourceExceptions.isEmpty else { return ([], []) }
    let geometry = knownGeometry()
    var result: (sources: [Peer], destinations: [Peer]) = ([], [])
    for exception in clauses.exceptions + clauses.sourceExceptions {
      let mayCutDestination = clauses.exceptions.contains { $0.span == exception.span }
      let cut = destinations.filter { mayCutDestination && geometry.overlaps($0, exception.peer) }
      if cut.contains(where: { !isGuess($0, exception.peer, geometry) }) {
        result.destinations.append(exception.peer)
      } else if sources.contains(where: { geometry.overlaps($0, exception.peer) }) {
        result.sources.append(exception.peer)
      } else if !cut.isEmpty {
        result.destinations.append(exception.peer)
      } else {
        log.add(.uselessException(files.text(exception.span), at: exception.span))
      }
    }
    return result
  }

  private func isGuess(_ peer: Peer, _ exception: Peer, _ geometry: PeerGeometry) -> Bool {
    guard peer == .host, case .addresses(let set) = exception else { return false }
    let gateways = AddressSet(
      geometry.networks.flatMap(\.gateways).map { AddressRange($0) })
    return !set.isSubset(of: gateways)
  }
}
