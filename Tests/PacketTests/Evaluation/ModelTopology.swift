import Evaluation
import Netfilter
import NetworkTypes
import TestSupport

/// The host of a plan as the evaluator wants it: what `RouterTopology` makes in the kernel.
struct ModelTopology {
  let plan: TopologyPlan
  let topology: Topology

  init(
    _ plan: TopologyPlan, filtersBridged: Bool, routesMulticast: Bool,
    capabilities: Set<Capability> = []
  ) throws {
    self.plan = plan
    var interfaces = [Self.loopback]
    for segment in plan.segments {
      interfaces.append(try Self.interface(segment, plan))
      if case .bridgeWithCard(let card) = segment.form {
        interfaces.append(
          Topology.Interface(
            try InterfaceName(validating: card),
            .port(of: try segment.name(), returnsFrames: false)))
      }
    }
    for station in plan.others where station.hangsOnPort {
      interfaces.append(
        try Self.port(station.place(), of: station.segment, returnsFrames: filtersBridged))
    }
    for leg in plan.others.flatMap(\.links) where leg.isFurther {
      interfaces.append(try Self.port(leg.place, of: leg.segment, returnsFrames: false))
    }
    topology = Topology(
      interfaces: interfaces, routes: try Self.routes(plan),
      neighbors: plan.others.flatMap(\.links).map { link in
        Topology.Neighbor(
          link.addresses, behind: link.place, hardwareAddress: link.hardwareAddress)
      }, filtersBridged: filtersBridged ? [.ipv4, .ipv6] : [],
      checksReversePaths: plan.checksReversePaths, capabilities: capabilities,
      multicastRoutes: routesMulticast ? try Self.multicastRoutes(plan) : [])
  }

  private static func port(
    _ name: InterfaceName, of segment: Segment, returnsFrames: Bool
  ) throws -> Topology.Interface {
    Topology.Interface(name, .port(of: try segment.name(), returnsFrames: returnsFrames))
  }

  private static var loopback: Topology.Interface {
    let addresses = AddressPair(("127.0.0.1", "::1"))
    return Topology.Interface(
      .loopback, .loopback,
      [
        Topology.OwnAddress(addresses.ipv4, length: 8),
        Topology.OwnAddress(addresses.ipv6, length: 128),
      ], routesLoopback: true)
  }

  private static func interface(
    _ segment: Segment, _ plan: TopologyPlan
  ) throws -> Topology.Interface {
    var addresses = segment.hostAddresses.map {
      Topology.OwnAddress($0.address, length: $0.length)
    }
    if segment == plan.uplink {
      addresses += plan.host.extraAddresses.map { address in
        let length = segment.hostAddresses.first { $0.prefix.contains(address) }?.length
        return Topology.OwnAddress(address, length: length ?? address.family.width)
      }
    }
    return Topology.Interface(
      try segment.name(), segment.isBridge ? .bridge : .plain, addresses,
      hardwareAddress: MACAddress(octets: segment.hardwareAddress),
      routesLoopback: segment.isDeclared && segment != plan.uplink)
  }

  /// The ways to those on a link whom its prefixes do not cover.
  private static func routes(_ plan: TopologyPlan) throws -> [Topology.Route] {
    try plan.others.filter(\.isSeenByHost).flatMap { station in
      let own = station.segment.hostAddresses
      let prefixes =
        station.addresses.map { address in
          own.contains { $0.family == address.family }
            ? address.prefix : InterfaceAddress(alone: address.address).prefix
        }
        + station.extraAddresses.map { InterfaceAddress(alone: $0).prefix }
      return try prefixes.filter { prefix in !own.contains { $0.prefix.contains(prefix) } }.map {
        Topology.Route($0, by: try station.segment.name())
      }
    }
  }

  private static func multicastRoutes(_ plan: TopologyPlan) throws -> [Topology.MulticastRoute] {
    let names = try plan.segments.map { try $0.name() }
    return MulticastGroup.everywhere.both.flatMap { group in
      names.map { name in
        Topology.MulticastRoute(group, from: name, to: names.filter { $0 != name })
      }
    }
  }

  /// Where a station's frames come in; `nil` where the host sees none of them.
  func ingress(of station: Station, isRouted: Bool) throws -> Ingress? {
    if station.isHost { return .host }
    guard station.isSeenByHost else { return nil }
    return .interface(try station.place(), for: isRouted ? .host : .owner)
  }

  /// Who takes a packet at the end of its passage.
  func receivers(of passage: Passage) -> [Station] {
    switch passage.fate {
    case .delivered: return [plan.host]
    case .sent(let interface, let port):
      let place = port ?? interface
      let destination = passage.packet.destination
      return plan.others.filter { station in
        station.links.contains { link in
          link.place == place
            && (passage.packet.isForManyReceivers || link.addresses.contains(destination))
        }
      }
    case .dropped, .rejected, .discarded, .undecided: return []
    }
  }
}

extension Packet {
  fileprivate var isForManyReceivers: Bool {
    if case .arp = content { return true }
    return destination.isMulticast || destination.bits & 0xFFFF == 0xFFFF
  }
}

extension Segment {
  fileprivate func name() throws -> InterfaceName { try InterfaceName(validating: interface) }
}

extension Station {
  /// Whether a frame of it meets the host: guests that share the host's card do not.
  var isSeenByHost: Bool {
    switch access {
    case .guest, .outside: true
    case .host, .macvlan, .ipvlan: false
    }
  }

  fileprivate var hangsOnPort: Bool { access == .guest && segment.isBridge }

  /// A station's end of a link that the host sees.
  fileprivate struct Link {
    let place: InterfaceName
    let segment: Segment
    let addresses: [IPAddress]
    let hardwareAddress: MACAddress
    /// Whether it is not the one that the station's own packets leave by.
    let isFurther: Bool
  }

  fileprivate var links: [Link] {
    guard isSeenByHost, let place = try? place() else { return [] }
    let first = Link(
      place: place, segment: segment, addresses: addresses.map(\.address) + extraAddresses,
      hardwareAddress: hardware, isFurther: false)
    return [first]
      + legs.enumerated().compactMap { index, leg in
        guard let place = try? InterfaceName(validating: "q\(index)-\(name)") else { return nil }
        return Link(
          place: place, segment: leg.segment, addresses: leg.addresses.map(\.address),
          hardwareAddress: MACAddress(octets: leg.hardwareAddress), isFurther: true)
      }
  }

  var hardware: MACAddress { MACAddress(octets: hardwareAddress) }

  /// The host's end of the station's link.
  fileprivate func place() throws -> InterfaceName {
    if hangsOnPort { return try InterfaceName(validating: "p-\(name)") }
    if case .bridgeWithCard(let card) = segment.form {
      return try InterfaceName(validating: card)
    }
    return try InterfaceName(validating: segment.interface)
  }
}

extension MACAddress {
  /// - Requires: six octets.
  init(octets: [UInt8]) { self.init(bits: octets.reduce(0) { $0 << 8 | UInt64($1) }) }
}
