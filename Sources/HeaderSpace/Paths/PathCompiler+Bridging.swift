import Netfilter
import NetworkTypes

extension PathCompiler {
  /// Where frames come by ports of bridges.
  func onBridges(_ space: inout FlowSpace) -> Diagram {
    let ways = site.networks.filter { $0.kind == .bridge }.compactMap {
      space.interfaces.network($0.interface)
    }
    return space.store.condition(HeaderField.input, ways.united)
  }

  /// What passes between ports of one bridge, and where that is so.
  mutating func bridged(
    after frames: Diagram, _ space: inout FlowSpace
  ) -> (forwarded: Diagram, where: Diagram) {
    // Nothing is rewritten between ports.
    let forward = space.store.fixed(
      bridge.hook(.forward, &space), HeaderField.translated, 0)
    var parts: [Diagram] = []
    var places: [Diagram] = []
    for (network, members) in zip(site.networks, zones.members) {
      guard network.kind == .bridge, let ways = space.interfaces.network(network.interface)
      else { continue }
      for hop in hops(network, members, ways) {
        let place = condition(hop, &space)
        let passing = space.sequence(
          frames, space.store.fixed(forward, HeaderField.output, hop.output), on: place)
        places.append(place)
        parts.append(space.store.masked(passing, by: place, else: space.absent))
      }
    }
    let joined = space.store.joined(parts[...], hole: space.absent)
    return (joined, space.store.joined(places[...], hole: .no))
  }

  /// Frames between some ports of a bridge.
  private struct Hop {
    let inputs: [Interval]
    let destinations: [Interval]
    let output: UInt128
  }

  /// Guests hang on unnamed ports; on a LAN all others are behind the named ones.
  private func hops(_ network: Site.Network, _ members: [Interval], _ ways: Interval) -> [Hop] {
    let whole = [ways]
    guard network.isOnLAN else {
      return [Hop(inputs: whole, destinations: members, output: ways.lower)]
    }
    let guests = AddressZones.intervals(
      network.guests.flatMap(\.addresses).map { AddressRange($0) }, zones.family)
    let limit = AddressRange.all(zones.family).upperBits
    let strangers = AddressZones.common(
      (members + zones.world).united, guests.complement(upTo: limit))
    return [
      Hop(inputs: whole, destinations: guests, output: ways.lower),
      Hop(inputs: [Interval(ways.lower)], destinations: strangers, output: ways.lower + 1),
    ]
  }

  private func condition(_ hop: Hop, _ space: inout FlowSpace) -> Diagram {
    var conditions = Conditions()
    conditions.require(HeaderField.local, [Interval(0)])
    conditions.require(HeaderField.destination, hop.destinations)
    conditions.require(HeaderField.input, hop.inputs)
    return space.diagram(conditions)
  }
}

extension PathCompiler {
  /// What is routed out by which way; by networks on a LAN and by other interfaces anything.
  func routedWays(_ space: inout FlowSpace) -> WaysOut {
    func any(_ ways: Interval) -> WaysOut.Leaving {
      space.leaving(by: ways, to: nil, from: nil, sources: nil)
    }
    var result = [any(Interval(0)), any(space.interfaces.world)]
    for (network, members) in zip(site.networks, zones.members) {
      guard let ways = space.interfaces.network(network.interface) else { continue }
      result.append(
        space.leaving(
          by: ways, to: network.isOnLAN ? nil : members, from: nil, sources: nil))
    }
    return WaysOut(result)
  }

  /// What leaves by which bridge's ports: what came by another of its ports.
  func bridgedWays(_ space: inout FlowSpace) -> WaysOut {
    var result: [WaysOut.Leaving] = []
    for (network, members) in zip(site.networks, zones.members) where network.kind == .bridge {
      guard let ways = space.interfaces.network(network.interface) else { continue }
      let own = network.isOnLAN ? nil : members
      result.append(space.leaving(by: ways, to: own, from: [ways], sources: own))
    }
    return WaysOut(result)
  }
}
