import TestSupport

/// The host of ``LiveNetwork`` with a second bridge, and a host like it on which each policy is
/// loaded as if nothing had been there before.
///
/// `solo` is 10.21.0.10 on `br-other`. Who sends knows all link addresses, so that no packet waits
/// for an answer that somebody's rules have dropped.
final class SoakNetwork: Sendable {
  let lab: LiveNetwork
  let solo: NetworkNamespace
  let mirror: LiveHost

  var host: LiveHost { lab.host }

  init() throws {
    lab = try LiveNetwork()
    let group = Int(lab.host.namespace.name.split(separator: "-")[2]) ?? 0
    solo = try NetworkNamespace.create(["solo"], of: group)[0]
    mirror = try LiveHost()
    try lab.host.namespace.configure([
      "link add br-other type bridge", "addr add 10.21.0.1/24 dev br-other",
      "link set br-other up",
    ])
    try lab.join(solo, "p-solo", "10.21.0.10/24", "10.21.0.1")
    try lab.host.namespace.configure(["link set p-solo master br-other"])
    try mirror.namespace.configure([
      "link add br-lab type bridge", "addr add 10.20.0.1/24 dev br-lab", "link set br-lab up",
      "link add br-other type bridge", "addr add 10.21.0.1/24 dev br-other",
      "link set br-other up",
      "link add up0 type veth peer name far", "addr add 10.99.0.1/24 dev up0", "link set up0 up",
    ])
    try mirror.namespace.set([("ipv4/ip_forward", 1)])
    try introduceStations()
  }

  deinit { try? NetworkNamespace.remove([solo]) }

  private func introduceStations() throws {
    let stations = [
      (lab.web, "10.20.0.10", 10, "br-lab"), (lab.db, "10.20.0.11", 11, "br-lab"),
      (solo, "10.21.0.10", 12, "br-other"), (lab.client, "10.99.0.2", 13, "up0"),
    ]
    let gateways = [
      ("br-lab", "10.20.0.1", 1), ("br-other", "10.21.0.1", 2), ("up0", "10.99.0.1", 3),
    ]
    for (link, _, number) in gateways {
      try host.namespace.configure(["link set \(link) address \(Self.link(number))"])
    }
    for (station, address, number, link) in stations {
      try station.configure(["link set eth0 address \(Self.link(number))"])
      try host.namespace.configure([Self.neighbor(address, number, link)])
      let near = gateways.filter { $0.0 == link }.map { ($0.1, $0.2) }
      let siblings = stations.filter { $0.3 == link && $0.1 != address }.map { ($0.1, $0.2) }
      try station.configure((near + siblings).map { Self.neighbor($0.0, $0.1, "eth0") })
    }
  }

  private static func link(_ number: Int) -> String { "02:00:00:00:00:\(number + 10)" }

  private static func neighbor(_ address: String, _ number: Int, _ link: String) -> String {
    "neigh replace \(address) lladdr \(Self.link(number)) dev \(link) nud permanent"
  }

  /// Flows that every policy allows.
  static let allowed = ["published", "sibling", "outgoing", "stream", "connection"]
  /// Flows that every policy denies.
  static let denied = ["stranger", "outsider", "isolated"]

  var stations: [Traffic.Station] {
    var stations = lab.stations
    stations[0].flows += ",outgoing 10.99.0.2 7003,isolated 10.21.0.10 7004"
    stations[2].udp = "7003"
    return stations + [Traffic.Station(name: "solo", namespace: solo, udp: "7004")]
  }
}
