import Evaluation
import NetworkTypes
import TestSupport

/// The host of a plan as the evaluator wants it: what `RouterTopology` makes in the kernel.
struct ModelTopology {
  let plan: TopologyPlan
  let topology: Topology

  init(_ plan: TopologyPlan, filtersBridged: Bool, routesMulticast: Bool) throws {
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
        Topology.Interface(
          try station.place(), .port(of: try station.segment.name(), returnsFrames: filtersBridged))
      )
    }
    topology = Topology(
      interfaces: interfaces, routes: try Self.routes(plan),
      neighbors: try plan.others.filter(\.isSeenByHost).map { station in
        Topology.Neighbor(
          station.allAddresses, behind: try station.place(),
          hardwareAddress: station.hardware)
      }, filtersBridged: filtersBridged ? [.ipv4, .ipv6] : [],
      multicastRoutes: routesMulticast ? try Self.multicastRoutes(plan) : [])
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
  func receivers(of passage: Passage) throws -> [Station] {
    switch passage.fate {
    case .delivered: return [plan.host]
    case .sent(let interface, let port):
      let place = port ?? interface
      let destination = passage.packet.destination
      return try plan.others.filter { station in
        guard station.isSeenByHost, try station.place() == place else { return false }
        return passage.packet.isForManyReceivers || station.allAddresses.contains(destination)
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

  fileprivate var allAddresses: [IPAddress] { addresses.map(\.address) + extraAddresses }

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
