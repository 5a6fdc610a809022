import NetworkTypes

/// The host with its links and everybody on them, one namespace each.
///
/// Made once and used for many rulesets: only rules, connections, neighbours and the switch for
/// bridged frames change in between.
package struct RouterTopology: Sendable {
  package let plan: TopologyPlan
  private let namespaces: [Station: NetworkNamespace]
  /// Joins what hangs on the host's network cards.
  let outsideSwitch: NetworkNamespace
  /// Whether the kernel has ipvlan; else macvlan stands in, which passes by the host's rules, too.
  let hasIPVlan: Bool

  /// - Parameter group: tells topologies of one process apart.
  package init(_ plan: TopologyPlan, group: Int) throws {
    self.plan = plan
    let labels = plan.stations.map(\.name) + ["switch"]
    let made = try NetworkNamespace.create(labels, of: group)
    namespaces = Dictionary(uniqueKeysWithValues: zip(plan.stations, made))
    outsideSwitch = made[made.count - 1]
    let wantsIPVlan = plan.stations.contains { if case .ipvlan = $0.access { true } else { false } }
    hasIPVlan = try wantsIPVlan && Self.hasIPVlan(in: outsideSwitch)
    do {
      try prepareKernel()
      try prepareStations()
      try prepareLinks()
    } catch {
      try remove()
      throw error
    }
  }

  private static func hasIPVlan(in namespace: NetworkNamespace) throws -> Bool {
    try namespace.perform {
      try Command(["ip", "link", "add", "parent", "type", "veth"]).run()
      let words = "ip link add child link parent type ipvlan mode l2".split(separator: " ")
      let made = try Command(words.map(String.init)).result()
      try Command(["ip", "link", "del", "parent"]).run()
      return made.status == 0
    }
  }

  private func prepareStations() throws {
    try outsideSwitch.configure(switchLines)
    try self[plan.host].configure(hostLines)
    for station in plan.others { try self[station].configure(lines(of: station)) }
  }

  package func remove() throws {
    try NetworkNamespace.remove(plan.stations.map { self[$0] } + [outsideSwitch])
  }

  /// Whether frames between ports of a bridge pass the IP rules (`bridge-nf-call-iptables` and its
  /// twins).
  ///
  /// Where they do, a translated frame never leaves the bridge, and one whose target is its own
  /// sender comes back only through a port that may send back: such hosts have ports like that.
  package func filterBridged(_ isOn: Bool) throws {
    try self[plan.host].set(
      ["iptables", "ip6tables", "arptables"].map { ("bridge/bridge-nf-call-\($0)", isOn ? 1 : 0) })
    try self[plan.host].configure(
      plan.others.filter(\.hasPort).map {
        "link set p-\($0.name) type bridge_slave hairpin \(isOn ? "on" : "off")"
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
    for station in plan.stations {
      try self[station].set(
        ["all", "default"].flatMap {
          [
            ("ipv6/conf/\($0)/accept_dad", 0), ("ipv6/conf/\($0)/router_solicitations", 0),
            ("ipv6/conf/\($0)/accept_redirects", 0), ("ipv4/conf/\($0)/accept_redirects", 0),
            ("ipv4/conf/\($0)/send_redirects", 0), ("ipv4/conf/\($0)/rp_filter", 0),
          ]
        } + [("ipv4/icmp_ratelimit", 0), ("ipv6/icmp/ratelimit", 0)])
    }
    try self[plan.host].set([
      ("ipv4/ip_forward", 1), ("ipv6/conf/all/forwarding", 1),
      ("ipv4/conf/all/rp_filter", plan.checksReversePaths ? 1 : 0),
    ])
  }

  // A host that publishes on loopback addresses has `route_localnet` on its networks' links; one
  // without an address on a link answers there for whom it routes to; and nobody gives up on a
  // neighbour while a test runs, for that would look like a refusal.
  private func prepareLinks() throws {
    let networks = plan.segments.filter { $0.isDeclared && $0 != plan.uplink }
    try self[plan.host].set(
      networks.map { ("ipv4/conf/\($0.interface)/route_localnet", 1) }
        + networks.filter(\.hostAddresses.isEmpty).map {
          ("ipv4/conf/\($0.interface)/proxy_arp", 1)
        })
    for station in plan.stations {
      let interfaces = station.isHost ? plan.segments.map(\.interface) : ["eth0"]
      try self[station].set(
        interfaces.flatMap {
          [("ipv4/neigh/\($0)/mcast_solicit", 60), ("ipv6/neigh/\($0)/mcast_solicit", 60)]
        })
    }
  }
}

extension Station {
  /// Whether it hangs on a port of a bridge of the host's.
  var hasPort: Bool { access == .guest && segment.isBridge }
}
