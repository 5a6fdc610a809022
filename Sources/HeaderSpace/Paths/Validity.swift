import Netfilter
import NetworkTypes

/// Which first packets there are: who can send them and what they can be addressed to.
///
/// Senders use their own addresses: what forgers could do is the rules' business, not a connection.
struct Validity {
  let site: Site
  let zones: AddressZones

  /// What can be dialled, and by whom.
  func places(_ space: inout FlowSpace) -> Diagram {
    let result = space.store.both(destinations(&space), services(&space))
    return space.store.both(result, pairs(&space))
  }

  private func destinations(_ space: inout FlowSpace) -> Diagram {
    let elsewhere = (zones.members.flatMap { $0 } + zones.world).united
    let own = (zones.dialable + [zones.loopback]).united
    let edges = space.store.newEdges()
    space.store.append(0, space.store.condition(HeaderField.destination, elsewhere), to: edges)
    space.store.append(1, space.store.condition(HeaderField.destination, own), to: edges)
    return space.store.node(HeaderField.local, edges)
  }

  /// ICMP opens a connection only with what asks for an answer (`nf_conntrack_proto_icmp.c`,
  /// `nf_conntrack_proto_icmpv6.c`).
  func services(_ space: inout FlowSpace) -> Diagram {
    let (transport, types): (TransportProtocol, [UInt128]) =
      switch zones.family {
      case .ipv4: (.icmp, [8, 13, 15, 17])
      case .ipv6: (.icmpv6, [128, 139])
      }
    let questions = types.map { Interval($0 << 8, $0 << 8 | 255) }
    let number = UInt128(transport.number)
    let own = space.store.condition(HeaderField.port, questions)
    let edges = space.store.newEdges()
    space.store.append(number - 1, .yes, to: edges)
    space.store.append(number, own, to: edges)
    space.store.append(255, .yes, to: edges)
    return space.store.node(HeaderField.transport, edges)
  }

  /// Who sends: by which way, with which source and hardware address.
  func senders(_ space: inout FlowSpace) -> Diagram {
    var list = BoxList(fields: [HeaderField.input, HeaderField.source, HeaderField.mac])
    for sender in senderList(space) {
      for source in sender.sources {
        list.append([sender.ways, source, Interval(sender.mac)], .yes)
      }
    }
    return space.store.boxes(list, else: .no)
  }

  /// The senders by way; the more particular first.
  private func senderList(
    _ space: FlowSpace
  ) -> [(ways: Interval, sources: [Interval], mac: UInt128)] {
    let host = (zones.own + [Interval(0), zones.loopback]).united
    var result: [(ways: Interval, sources: [Interval], mac: UInt128)] = [
      (Interval(0), host, 0), (space.interfaces.world, zones.world, 0),
    ]
    for (network, members) in zip(site.networks, zones.members) {
      guard let ways = space.interfaces.network(network.interface) else { continue }
      let bound = network.guests.filter { $0.mac != nil }
      let boundRanges = ranges(bound)
      for guest in bound {
        guard let mac = guest.mac else { continue }
        result.append((Interval(ways.lower), ranges([guest]), UInt128(mac.bits)))
      }
      let guests = ranges(network.guests)
      let limit = space.store.limits[HeaderField.source]
      let unbound = boundRanges.complement(upTo: limit)
      guard network.isOnLAN else {
        result.append((ways, AddressZones.common(members, unbound), 0))
        continue
      }
      result.append((Interval(ways.lower), AddressZones.common(guests, unbound), 0))
      let strangers = AddressZones.common(
        (members + zones.world).united, guests.complement(upTo: limit))
      result.append((Interval(ways.lower + 1, ways.upper), strangers, 0))
    }
    return result
  }

  private func ranges(_ guests: [Site.Guest]) -> [Interval] {
    AddressZones.intervals(
      guests.flatMap(\.addresses).map { AddressRange($0) }, zones.family)
  }

  /// Which ways in go with which destinations.
  private func pairs(_ space: inout FlowSpace) -> Diagram {
    var list = BoxList(fields: [HeaderField.local, HeaderField.destination, HeaderField.input])
    let world = space.interfaces.world
    for interval in zones.world { list.append([Interval(0), interval, world], .yes) }
    for (network, members) in zip(site.networks, zones.members) {
      guard let ways = space.interfaces.network(network.interface) else { continue }
      if network.isOnLAN {
        appendStrangers(network, members, ways, to: &list)
      } else if network.kind == .link {
        for interval in members { list.append([Interval(0), interval, ways], .yes) }
      }
    }
    let others = space.store.boxes(list, else: .no)
    let impossible = space.store.either(others, loopbackPairs(&space))
    return space.store.negated(impossible)
  }

  /// What strangers on a LAN say to each other, the host's rules do not see.
  private func appendStrangers(
    _ network: Site.Network, _ members: [Interval], _ ways: Interval, to list: inout BoxList
  ) {
    let limit = AddressRange.all(zones.family).upperBits
    let ports = Interval(ways.lower + 1, ways.upper)
    let strangers = AddressZones.common(
      (members + zones.world).united, ranges(network.guests).complement(upTo: limit))
    for interval in strangers { list.append([Interval(0), interval, ports], .yes) }
  }

  /// The host talks from its loopback addresses to those, and to nobody else.
  private func loopbackPairs(_ space: inout FlowSpace) -> Diagram {
    let toLoopback = space.store.condition(HeaderField.destination, [zones.loopback])
    let fromLoopback = space.store.condition(HeaderField.source, [zones.loopback])
    let isOne = space.store.merged(toLoopback, fromLoopback) { left, right in
      guard left.constant != nil, right.constant != nil else { return nil }
      return left == right ? .no : .yes
    }
    let byHost = space.store.condition(HeaderField.input, [Interval(0)])
    return space.store.both(isOne, byHost)
  }
}
