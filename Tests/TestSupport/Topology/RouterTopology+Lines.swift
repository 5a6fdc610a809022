import NetworkTypes

/// What ip(8) is told to make a topology.
extension RouterTopology {
  var switchLines: [String] {
    plan.segments.enumerated().flatMap { index, segment -> [String] in
      guard segment.isSwitched else { return [] }
      let name = "switch\(index)"
      return [
        "link add \(name) type bridge forward_delay 0 mcast_snooping 0", "link set \(name) up",
      ]
        + port("h\(index)", of: name, to: plan.host, card(of: segment), segment.hardwareAddress)
        + plan.others.filter { $0.segment == segment && $0.isOnSwitch }.flatMap {
          port("u-\($0.name)", of: name, to: $0, "eth0", $0.hardwareAddress)
        }
    }
  }

  private func card(of segment: Segment) -> String {
    switch segment.form {
    case .bridgeWithCard(let card): card
    case .card, .bridge, .cable: segment.interface
    }
  }

  private func port(
    _ interface: String, of bridge: String, to station: Station, _ peer: String,
    _ hardwareAddress: [UInt8]
  ) -> [String] {
    [
      cable(interface, to: station, peer, hardwareAddress),
      "link set \(interface) master \(bridge) up",
    ]
  }

  private func cable(
    _ interface: String, to station: Station, _ peer: String, _ hardwareAddress: [UInt8]
  ) -> String {
    "link add \(interface) type veth peer name \(peer) address \(hardwareText(hardwareAddress))"
      + " netns \(self[station].name)"
  }

  var hostLines: [String] {
    var lines = ["link set lo up"]
    for segment in plan.segments { lines += linkLines(segment) }
    for station in plan.others { lines += accessLines(station) + legLines(station) }
    for segment in plan.segments {
      lines += segment.hostAddresses.map {
        "addr add \($0) dev \(segment.interface)\(noDAD($0.family))"
      }
    }
    return lines + guestRoutes + uplinkLines
  }

  private func linkLines(_ segment: Segment) -> [String] {
    guard segment.isBridge else {
      return segment.isSwitched ? ["link set \(segment.interface) up"] : []
    }
    let lines = [
      "link add \(segment.interface) type bridge forward_delay 0 mcast_snooping 0",
      "link set \(segment.interface) address \(hardwareText(segment.hardwareAddress)) up",
    ]
    guard case .bridgeWithCard(let card) = segment.form else { return lines }
    return lines + ["link set \(card) master \(segment.interface) up"]
  }

  private func accessLines(_ station: Station) -> [String] {
    let hardware = station.hardwareAddress
    switch station.access {
    case .host, .outside: return []
    case .macvlan(let mode): return [childLine(station, "macvlan mode \(mode)")]
    case .ipvlan(let mode):
      return [childLine(station, hasIPVlan ? "ipvlan mode \(mode)" : "macvlan mode bridge")]
    case .guest:
      switch station.segment.form {
      case .card: return []
      case .cable:
        let interface = station.segment.interface
        return [
          cable(interface, to: station, "eth0", hardware),
          "link set \(interface) address \(hardwareText(station.segment.hardwareAddress)) up",
        ]
      case .bridge, .bridgeWithCard:
        let port = "p-\(station.name)"
        return [
          cable(port, to: station, "eth0", hardware),
          "link set \(port) master \(station.segment.interface) up",
        ]
      }
    }
  }

  private func legLines(_ station: Station) -> [String] {
    station.legs.enumerated().flatMap { index, leg in
      port(
        "q\(index)-\(station.name)", of: leg.segment.interface, to: station, "eth\(index + 1)",
        leg.hardwareAddress)
    }
  }

  // Ipvlan shares the hardware address of its parent.
  private func childLine(_ station: Station, _ kind: String) -> String {
    let hardware =
      kind.hasPrefix("macvlan") ? " address \(hardwareText(station.hardwareAddress))" : ""
    return "link add link \(station.segment.interface) name eth0\(hardware)"
      + " netns \(self[station].name) type \(kind)"
  }

  // The ways to guests behind links where the host has no address.
  private var guestRoutes: [String] {
    plan.others.filter { $0.access == .guest }.flatMap { station in
      station.addresses.filter { station.segment.gateway($0.family) == nil }.map {
        "route add \(InterfaceAddress(alone: $0.address)) dev \(station.segment.interface)"
      }
    }
  }

  // Further IPv6 addresses are never chosen as a source, so that masquerading has one answer.
  private var uplinkLines: [String] {
    let interface = plan.uplink.interface
    return plan.host.extraAddresses.map { address in
      let length = plan.uplink.hostAddresses.first { $0.prefix.contains(address) }?.length
      let own = length.map { InterfaceAddress(address, length: $0) }
      let isLast = address.family == .ipv6 ? " nodad preferred_lft 0" : ""
      return "addr add \(own ?? InterfaceAddress(alone: address)) dev \(interface)\(isLast)"
    } + neighborRoutes(of: plan.host, interface)
  }

  // The prefixes and addresses on a station's segment that its own addresses do not cover.
  private func neighborRoutes(of station: Station, _ interface: String) -> [String] {
    var prefixes: [AddressPrefix] = []
    var lines: [String] = []
    for other in plan.stations where other.segment == station.segment && other != station {
      for address in other.addresses + other.extraAddresses.map(InterfaceAddress.init(alone:))
      where station.address(address.family) != nil && !prefixes.contains(address.prefix)
        && !station.addresses.contains(where: { $0.prefix.contains(address.prefix) })
      {
        prefixes.append(address.prefix)
        let size = station.isHost ? other.pathMTU.map { " mtu \($0)" } : nil
        lines.append("route add \(address.prefix) dev \(interface)\(size ?? "")")
      }
    }
    return lines
  }

  func lines(of station: Station) -> [String] {
    let lines = ["link set lo up", "link set eth0 up"]
    guard !station.asksForAddresses else { return lines }
    return lines
      + station.addresses.map { "addr add \($0) dev eth0\(noDAD($0.family))" }
      + station.extraAddresses.map {
        "addr add \(InterfaceAddress(alone: $0)) dev eth0\(noDAD($0.family))"
      } + neighborRoutes(of: station, "eth0") + defaultRoutes(of: station)
      + station.legs.enumerated().flatMap { index, leg in
        ["link set eth\(index + 1) up"]
          + leg.addresses.map { "addr add \($0) dev eth\(index + 1)\(noDAD($0.family))" }
      }
      + (station.routesToGuests ? routesToGuests(from: station) : [])
  }

  private func defaultRoutes(of station: Station) -> [String] {
    guard station.access == .guest else { return [] }
    let firsts = AddressFamily.allCases.compactMap { family in
      station.addresses.first { $0.family == family }
    }
    return firsts.map { address in
      let gateway = station.segment.gateway(for: address.address).map { "via \($0)" }
      let everywhere = address.family == .ipv4 ? "0.0.0.0/0" : "::/0"
      return "route add \(everywhere) \(gateway ?? "dev eth0")"
    }
  }

  private func routesToGuests(from station: Station) -> [String] {
    plan.segments.filter { $0 != plan.uplink }.flatMap { segment -> [String] in
      let prefixes = segment.hostAddresses.map(\.prefix)
      let guests = plan.others.filter { $0.segment == segment && segment.hostAddresses.isEmpty }
      let alone = guests.flatMap(\.addresses).map { InterfaceAddress(alone: $0.address).prefix }
      return (prefixes + alone).compactMap { prefix in
        guard station.address(prefix.family) != nil else { return nil }
        return plan.uplink.gateway(prefix.family).map { "route add \(prefix) via \($0)" }
      }
    }
  }

  private func noDAD(_ family: AddressFamily) -> String { family == .ipv6 ? " nodad" : "" }
}

extension Station {
  /// Whether it hangs on the switch at its segment's other end.
  fileprivate var isOnSwitch: Bool {
    switch access {
    case .outside: true
    case .guest: segment.form == .card
    case .host, .macvlan, .ipvlan: false
    }
  }
}

func hardwareText(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
}
