import NetworkTypes

extension TopologyPlan {
  /// What most policies of the tests are written for.
  package static let reference = TopologyPlan(
    [.front, .back, .side, .open, .plain, .link, .uplink],
    [
      .host, .lan, .far, .office, .proxy, .web, .stray, .db, .redis, .cache, .app, .tool, .site,
      .mail, .node, .plain, .bare,
    ],
    aliases: [
      Alias("host.second", of: "host", ExtraAddress.hostSecond.both),
      Alias("metadata", of: "far", ExtraAddress.metadata.both),
      Alias("elsewhere", of: "bare", ExtraAddress.elsewhere.both),
    ])
}

/// Addresses of the reference topology beyond the stations' own.
enum ExtraAddress {
  /// The host's second address on the uplink.
  static let hostSecond = AddressPair(("198.51.100.5", "2001:db8:f::5"))
  /// A second address of `far`, where clouds have their metadata service.
  static let metadata = AddressPair(("169.254.169.254", "2001:db8:a9fe::254"))
  /// A second address of `bare`, within the prefix of `front`: others may use it, too, where the
  /// host does not route.
  static let elsewhere = AddressPair(("172.18.200.200", "fd00:18::200:200"))
}

extension Segment {
  package static let front = bridge("front", "172.18.0.1/16", "fd00:18::1/64")
  package static let back = bridge("back", "172.19.0.1/16", "fd00:19::1/64")
  package static let side = bridge("side", "172.20.0.1/16", "fd00:20::1/64")
  /// A bridge with addresses that the hosts on the uplink have a route to.
  package static let open = bridge("open", "10.7.0.1/24", "2001:db8:7::1/64")
  /// A bridge that no policy declares.
  package static let plain = bridge(
    "plain", "172.29.0.1/24", "fd00:29::1/64", isDeclared: false)
  /// A routed link without a bridge.
  package static let link = Segment(
    "link", interface: "link0", .cable, texts("172.21.0.1/24", "fd00:21::1/64"))
  package static let uplink = Segment(
    "uplink", interface: "eth0", .card, texts("198.51.100.1/24", "2001:db8:f::1/64"),
    isDeclared: false)

  private static func bridge(
    _ name: String, _ ipv4: String, _ ipv6: String, isDeclared: Bool = true
  ) -> Segment {
    Segment(
      name, interface: "br-\(name)", .bridge, texts(ipv4, ipv6), isDeclared: isDeclared)
  }

  fileprivate static func texts(_ texts: String...) -> [InterfaceAddress] {
    texts.map { text in
      guard let address = InterfaceAddress(text) else {
        preconditionFailure("\(text) is an address with a length")
      }
      return address
    }
  }
}

extension Station {
  package static let host = Station(
    "host", on: .uplink, .host, Segment.uplink.hostAddresses,
    extraAddresses: ExtraAddress.hostSecond.both)

  /// Machines on the uplink. `lan` routes to every guest by way of the host, `far` to none.
  package static let lan = outside(
    "lan", "198.51.100.2/24", "2001:db8:f::2/64", routesToGuests: true)
  package static let far = outside(
    "far", "198.51.100.3/24", "2001:db8:f::3/64", ExtraAddress.metadata.both)
  /// Beyond a path that is narrower than the links.
  package static let office = outside(
    "office", "203.0.113.9/24", "2001:db8:5::9/48", routesToGuests: true, pathMTU: 1400)

  /// Guests of `front`; no policy names `stray`.
  package static let proxy = guest("proxy", .front, "172.18.0.11/16", "fd00:18::11/64")
  package static let web = guest("web", .front, "172.18.0.10/16", "fd00:18::10/64")
  package static let stray = guest("stray", .front, "172.18.0.77/16", "fd00:18::77/64")
  /// Guests of `back`; no policy names `cache`.
  package static let db = guest("db", .back, "172.19.0.20/16", "fd00:19::20/64")
  package static let redis = guest("redis", .back, "172.19.0.21/16", "fd00:19::21/64")
  package static let cache = guest("cache", .back, "172.19.0.77/16", "fd00:19::77/64")
  /// Guests of `side`.
  package static let app = guest("app", .side, "172.20.0.10/16", "fd00:20::10/64")
  package static let tool = guest("tool", .side, "172.20.0.11/16", "fd00:20::11/64")
  /// Guests of `open`.
  package static let site = guest("site", .open, "10.7.0.10/24", "2001:db8:7::10/64")
  package static let mail = guest("mail", .open, "10.7.0.11/24", "2001:db8:7::11/64")
  /// The guest behind the routed link.
  package static let node = guest("node", .link, "172.21.0.10/24", "fd00:21::10/64")
  /// Guests of the undeclared bridge.
  package static let plain = guest("plain", .plain, "172.29.0.10/24", "fd00:29::10/64")
  package static let bare = guest(
    "bare", .plain, "172.29.0.11/24", "fd00:29::11/64", ExtraAddress.elsewhere.both)

  private static func guest(
    _ name: String, _ segment: Segment, _ ipv4: String, _ ipv6: String,
    _ extraAddresses: [IPAddress] = []
  ) -> Station {
    Station(
      name, on: segment, .guest, Segment.texts(ipv4, ipv6), extraAddresses: extraAddresses)
  }

  private static func outside(
    _ name: String, _ ipv4: String, _ ipv6: String, _ extraAddresses: [IPAddress] = [],
    routesToGuests: Bool = false, pathMTU: Int? = nil
  ) -> Station {
    Station(
      name, on: .uplink, .outside, Segment.texts(ipv4, ipv6), extraAddresses: extraAddresses,
      routesToGuests: routesToGuests, pathMTU: pathMTU)
  }
}
