import NetworkTypes

/// The host with its links and everybody on them, one namespace each.
///
/// Made once and used for many rulesets: only rules, connections, neighbours and the switch for
/// bridged frames change in between.
package struct RouterTopology: Sendable {
  private let namespaces: [Station: NetworkNamespace]
  /// Joins the machines on the uplink.
  private let uplinkSwitch: NetworkNamespace

  /// - Parameter group: tells topologies of one process apart.
  package init(group: Int) throws {
    let labels = Station.allCases.map(\.rawValue) + ["switch"]
    let made = try NetworkNamespace.create(labels, of: group)
    namespaces = Dictionary(uniqueKeysWithValues: zip(Station.allCases, made))
    uplinkSwitch = made[made.count - 1]
    do {
      try prepareKernel()
      try prepareStations()
      try prepareLinks()
    } catch {
      try remove()
      throw error
    }
  }

  private func prepareStations() throws {
    try uplinkSwitch.configure(switchLines)
    try self[.host].configure(hostLines)
    for station in Station.allCases where station != .host {
      try self[station].configure(lines(of: station))
    }
  }

  package func remove() throws {
    try NetworkNamespace.remove(Station.allCases.map { self[$0] } + [uplinkSwitch])
  }

  /// Whether frames between ports of a bridge pass the IP rules (`bridge-nf-call-iptables` and its
  /// twins).
  ///
  /// Where they do, a translated frame never leaves the bridge, and one whose target is its own
  /// sender comes back only through a port that may send back: such hosts have ports like that.
  package func filterBridged(_ isOn: Bool) throws {
    try self[.host].set(
      ["iptables", "ip6tables", "arptables"].map { ("bridge/bridge-nf-call-\($0)", isOn ? 1 : 0) })
    try self[.host].configure(
      Station.allCases.filter(\.segment.isBridge).map {
        "link set p-\($0.rawValue) type bridge_slave hairpin \(isOn ? "on" : "off")"
      })
  }

  package subscript(station: Station) -> NetworkNamespace {
    guard let namespace = namespaces[station] else {
      preconditionFailure("every station has a namespace")
    }
    return namespace
  }

  // Addresses must be usable at once, no filter of the kernel's own may hide that rules are
  // missing, and refusals must not be rationed.
  private func prepareKernel() throws {
    for station in Station.allCases {
      try self[station].set(
        ["all", "default"].flatMap {
          [
            ("ipv6/conf/\($0)/accept_dad", 0), ("ipv6/conf/\($0)/router_solicitations", 0),
            ("ipv6/conf/\($0)/accept_redirects", 0), ("ipv4/conf/\($0)/accept_redirects", 0),
            ("ipv4/conf/\($0)/send_redirects", 0), ("ipv4/conf/\($0)/rp_filter", 0),
          ]
        } + [("ipv4/icmp_ratelimit", 0), ("ipv6/icmp/ratelimit", 0)])
    }
    try self[.host].set([("ipv4/ip_forward", 1), ("ipv6/conf/all/forwarding", 1)])
  }

  // A host that publishes on loopback addresses has `route_localnet` on its networks' links; and
  // nobody gives up on a neighbour while a test runs, for that would look like a refusal.
  private func prepareLinks() throws {
    try self[.host].set(
      Segment.allCases.filter { $0 != .plain && $0 != .uplink }.map {
        ("ipv4/conf/\($0.interface)/route_localnet", 1)
      })
    for station in Station.allCases {
      let interfaces = station == .host ? Segment.allCases.map(\.interface) : ["eth0"]
      try self[station].set(
        interfaces.flatMap {
          [("ipv4/neigh/\($0)/mcast_solicit", 60), ("ipv6/neigh/\($0)/mcast_solicit", 60)]
        })
    }
  }

  private var switchLines: [String] {
    ["link add uplink type bridge forward_delay 0 mcast_snooping 0", "link set uplink up"]
      + Station.allCases.filter { $0.segment == .uplink }.flatMap { station in
        [
          cable("u-\(station.rawValue)", to: station, "eth0"),
          "link set u-\(station.rawValue) master uplink up",
        ]
      }
  }

  private func cable(_ interface: String, to station: Station, _ peer: String) -> String {
    let hardware = hardwareText(station.hardwareAddress)
    return "link add \(interface) type veth peer name \(peer) address \(hardware)"
      + " netns \(self[station].name)"
  }

  private var hostLines: [String] {
    var lines = ["link set lo up", "link set eth0 up"]
    for segment in Segment.allCases where segment.isBridge {
      lines += [
        "link add \(segment.interface) type bridge forward_delay 0 mcast_snooping 0",
        "link set \(segment.interface) address \(hardwareText(segment.hardwareAddress)) up",
      ]
    }
    for station in Station.allCases where station.segment != .uplink {
      lines += guestCable(station)
    }
    for segment in Segment.allCases {
      for family in AddressFamily.allCases {
        let length = segment.prefixLength(family)
        lines.append(
          "addr add \(segment.gateway(family))/\(length) dev \(segment.interface)\(noDAD(family))")
      }
    }
    return lines + uplinkLines
  }

  private func guestCable(_ station: Station) -> [String] {
    guard station.segment.isBridge else {
      let interface = station.segment.interface
      let hardware = hardwareText(station.segment.hardwareAddress)
      return [
        cable(interface, to: station, "eth0"), "link set \(interface) address \(hardware) up",
      ]
    }
    let port = "p-\(station.rawValue)"
    return [
      cable(port, to: station, "eth0"), "link set \(port) master \(station.segment.interface) up",
    ]
  }

  // The second IPv6 address is never chosen as a source, so that masquerading has one answer.
  private var uplinkLines: [String] {
    [
      "addr add \(ExtraAddress.hostSecond.ipv4)/24 dev eth0",
      "addr add \(ExtraAddress.hostSecond.ipv6)/64 dev eth0 nodad preferred_lft 0",
      "route add 203.0.113.0/24 dev eth0", "route add 2001:db8:5::/48 dev eth0",
      "route add \(ExtraAddress.metadata.ipv4)/32 dev eth0",
      "route add \(ExtraAddress.metadata.ipv6)/128 dev eth0",
    ]
  }

  private func lines(of station: Station) -> [String] {
    var lines = ["link set lo up", "link set eth0 up"]
    for family in AddressFamily.allCases {
      let length = station.segment.prefixLength(family)
      lines.append("addr add \(station.address(family))/\(length) dev eth0\(noDAD(family))")
    }
    if station.segment != .uplink {
      lines += AddressFamily.allCases.map { "route add default via \(station.segment.gateway($0))" }
    }
    return lines + ownLines(of: station)
  }

  private func ownLines(of station: Station) -> [String] {
    switch station {
    case .lan: routesToGuests
    case .far:
      [
        "addr add \(ExtraAddress.metadata.ipv4)/32 dev eth0",
        "addr add \(ExtraAddress.metadata.ipv6)/128 dev eth0 nodad preferred_lft 0",
        "route add 203.0.113.0/24 dev eth0", "route add 2001:db8:5::/48 dev eth0",
      ]
    case .office:
      ["route add 198.51.100.0/24 dev eth0", "route add 2001:db8:f::/64 dev eth0"]
        + routesToGuests
    case .plain:
      [
        "route add \(ExtraAddress.elsewhere.ipv4)/32 dev eth0",
        "route add \(ExtraAddress.elsewhere.ipv6)/128 dev eth0",
      ]
    case .bare:
      [
        "addr add \(ExtraAddress.elsewhere.ipv4)/32 dev eth0",
        "addr add \(ExtraAddress.elsewhere.ipv6)/128 dev eth0 nodad",
      ]
    case .host, .proxy, .web, .stray, .db, .redis, .cache, .app, .tool, .site, .mail, .node: []
    }
  }

  private var routesToGuests: [String] {
    Segment.allCases.filter { $0 != .uplink }.flatMap { segment in
      AddressFamily.allCases.map {
        "route add \(segment.prefix($0)) via \(Segment.uplink.gateway($0))"
      }
    }
  }

  private func noDAD(_ family: AddressFamily) -> String { family == .ipv6 ? " nodad" : "" }
}

extension Segment {
  /// What the host's interface has for its hardware address.
  var hardwareAddress: [UInt8] { Station.hardwareAddress(for: gateway(.ipv4)) }
}

private func hardwareText(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
}
