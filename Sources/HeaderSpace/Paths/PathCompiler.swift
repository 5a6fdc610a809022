import Netfilter
import NetworkTypes

/// Puts the hooks together as packets pass them, for one ruleset on one site.
///
/// Taken for granted: the host routes both families, every member of a network has been heard of,
/// and frames between ports of a bridge pass its own rules, not those of IP.
struct PathCompiler {
  var ip: TableCompiler
  var bridge: TableCompiler
  let site: Site
  let zones: AddressZones

  init(_ ruleset: Ruleset, _ site: Site, _ zones: AddressZones) {
    self.site = site
    self.zones = zones
    ip = TableCompiler(ruleset.table(.inet) ?? Table(family: .inet, name: ""), site)
    bridge = TableCompiler(ruleset.table(.bridge) ?? Table(family: .bridge, name: ""), site)
  }

  /// What becomes of every first packet, whoever sends it.
  mutating func whole(_ space: inout FlowSpace) -> Diagram {
    ip.waysOut = routedWays(&space)
    bridge.waysOut = bridgedWays(&space)
    let post = ip.hook(.postrouting, &space)
    let outside = incoming(post, &space)
    let own = outgoing(post, &space)
    let frames = space.store.fixed(
      bridge.hook(.prerouting, &space), HeaderField.translated, 0)
    let isBridged = onBridges(&space)
    let behind = space.store.masked(frames, by: isBridged, else: space.next)
    let routed = space.sequence(behind, outside)
    let bridged = bridged(after: frames, &space)
    let parts = [
      masked(own, ways: [Interval(0)], &space),
      space.store.masked(
        bridged.forwarded, by: bridged.where, else: space.absent),
      space.store.masked(
        routed, by: notBridged(bridged.where, &space), else: space.absent),
    ]
    let joined = space.store.joined(parts[...], hole: space.absent)
    return plain(joined, &space)
  }

  /// What comes from elsewhere and is for the host to route or to keep.
  private mutating func incoming(_ post: Diagram, _ space: inout FlowSpace) -> Diagram {
    let forward = space.sequence(of: [ip.hook(.forward, &space), post], ip.waysOut)
    let kept = input(&space)
    let before = ip.hook(.prerouting, &space) { $0.isBeforeTranslation }
    let after = ip.hook(.prerouting, &space) {
      $0.purpose == .filter && !$0.isBeforeTranslation
    }
    let arrived = [UInt128(0), 1].map { isTranslated in
      let own = space.store.fixed(kept, HeaderField.translated, isTranslated)
      let passing = routed(
        space.store.fixed(forward, HeaderField.translated, isTranslated), &space)
      let rest = judged(passing, own, &space)
      return space.sequence(
        space.store.fixed(after, HeaderField.translated, isTranslated), rest)
    }
    ip.afterTranslation = arrived[1]
    let translating = ip.hook(.prerouting, &space) { $0.purpose == .nat }
    ip.afterTranslation = nil
    let whole = space.sequence(of: [before, translating, arrived[0]][...])
    return space.store.fixed(whole, HeaderField.translated, 0)
  }

  /// What the host itself sends.
  private mutating func outgoing(_ post: Diagram, _ space: inout FlowSpace) -> Diagram {
    let before = ip.hook(.output, &space) { $0.isBeforeTranslation }
    let after = ip.hook(.output, &space) { $0.purpose == .filter && !$0.isBeforeTranslation }
    // The rules after a translation still see the way out of what was dialled (Linux reroutes
    // behind their back): for addresses of the host, its loopback interface.
    let dialled = space.store.fixed(after, HeaderField.output, 0)
    let translated = space.sequence(
      space.store.fixed(dialled, HeaderField.translated, 1),
      routed(space.store.fixed(post, HeaderField.translated, 1), &space))
    ip.afterTranslation = judged(translated, space.absent, &space)
    let translating = ip.hook(.output, &space) { $0.purpose == .nat }
    ip.afterTranslation = nil
    let plain = space.sequence(of: [after, post], ip.waysOut)
    let direct = judged(
      routed(space.store.fixed(plain, HeaderField.translated, 0), &space), space.absent, &space)
    let whole = space.sequence(of: [before, translating, direct][...])
    return space.store.fixed(
      space.store.fixed(whole, HeaderField.translated, 0), HeaderField.output, 0)
  }

  /// The input hook; loopback destinations from elsewhere are no packets to the kernel.
  private mutating func input(_ space: inout FlowSpace) -> Diagram {
    let kept = space.store.fixed(ip.hook(.input, &space), HeaderField.output, 0)
    let loopback = space.store.condition(HeaderField.destination, [zones.loopback])
    let others = space.store.negated(loopback)
    return space.store.masked(kept, by: others, else: space.absent)
  }

  /// A node that tells packets to the host from the others.
  private func judged(
    _ passing: Diagram, _ own: Diagram, _ space: inout FlowSpace
  ) -> Diagram {
    let edges = space.store.newEdges()
    space.store.append(0, space.store.fixed(passing, HeaderField.local, 0), to: edges)
    space.store.append(1, space.store.fixed(own, HeaderField.local, 1), to: edges)
    return space.store.node(HeaderField.local, edges)
  }

  /// The same without what only rules need to know.
  private func plain(_ whole: Diagram, _ space: inout FlowSpace) -> Diagram {
    var result = space.store.fixed(whole, HeaderField.output, 0)
    for index in space.markBits.indices {
      result = space.store.fixed(result, HeaderField.marks + index, 0)
    }
    return space.changed(result) { _, outcome in
      guard outcome.isOpen else { return outcome }
      var result = outcome.going(.done)
      result.mark = 0
      result.markMask = 0
      return result
    }
  }

  private func masked(
    _ diagram: Diagram, ways: [Interval], _ space: inout FlowSpace
  ) -> Diagram {
    let condition = space.store.condition(HeaderField.input, ways)
    return space.store.masked(diagram, by: condition, else: space.absent)
  }

  private func notBridged(_ bridged: Diagram, _ space: inout FlowSpace) -> Diagram {
    let host = space.store.condition(HeaderField.input, [Interval(0)])
    return space.store.negated(space.store.either(bridged, host))
  }
}

extension PathCompiler {
  /// The function where each destination has its way out.
  private func routed(_ diagram: Diagram, _ space: inout FlowSpace) -> Diagram {
    let local = space.store.fixed(diagram, HeaderField.local, 0)
    var pieces: [(interval: Interval, rest: Diagram)] = []
    for (network, members) in zip(site.networks, zones.members) {
      guard let ways = space.interfaces.network(network.interface) else { continue }
      let rest = space.store.fixed(local, HeaderField.output, ways.lower)
      for interval in members { pieces.append((interval, rest)) }
    }
    let outward = leaving(local, &space)
    let limit = space.store.limits[HeaderField.destination]
    for interval in pieces.map(\.interval).united.complement(upTo: limit) {
      pieces.append((interval, outward))
    }
    pieces.sort { $0.interval.lower < $1.interval.lower }
    let edges = space.store.newEdges()
    for piece in pieces {
      let parts = space.store.branches(
        piece.rest, HeaderField.destination, in: piece.interval)
      for part in parts { space.store.append(part.interval.upper, part.child, to: edges) }
    }
    return space.store.node(HeaderField.destination, edges)
  }

  /// What goes to the world: by which interface is a question of its own where rules care.
  private func leaving(_ diagram: Diagram, _ space: inout FlowSpace) -> Diagram {
    var ways = (space.interfaces.world.lower...space.interfaces.limit).map { $0 }
    for network in site.networks where network.isOnLAN {
      if let own = space.interfaces.network(network.interface) { ways.append(own.lower) }
    }
    let parts = ways.sorted().map { way in
      (way, space.store.fixed(diagram, HeaderField.output, way))
    }
    if parts.allSatisfy({ $0.1 == parts[0].1 }) { return parts[0].1 }
    let masked = parts.map { way, part in
      let isWay = space.store.condition(HeaderField.exit, [Interval(way)])
      return space.store.masked(part, by: isWay, else: space.absent)
    }
    return space.store.joined(masked[...], hole: space.absent)
  }
}

extension BaseChain {
  fileprivate var isBeforeTranslation: Bool {
    purpose == .filter && priority < HookPriority.destinationNAT
  }
}
