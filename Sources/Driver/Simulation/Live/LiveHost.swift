import Evaluation
import Host
import Netfilter
import NetworkTypes

/// The machine as packets find it: interfaces, addresses, routes, who is where, and the settings that
/// matter; read through ip(8) and bridge(8).
struct LiveHost: Sendable {
  var topology = Topology(interfaces: [])
  /// The interfaces of default routes, in their order.
  var defaultInterfaces: [InterfaceName] = []
  /// What could not be looked at, and why.
  var unread: [String] = []
}

/// Reads a ``LiveHost``; changes nothing.
struct LiveHostReader {
  let runner: CommandRunner
  let decode: JSONDecoding
  let system: SystemFacts

  func read() -> LiveHost {
    var host = LiveHost()
    let links = rows("ip", ["-j", "-d", "address", "show"], &host)
    host.topology.interfaces = links.compactMap(interface)
    for family in AddressFamily.allCases {
      let option = family == .ipv4 ? "-4" : "-6"
      let routes = rows("ip", ["-j", option, "route", "show"], &host)
      for row in routes { add(row, family, to: &host) }
    }
    addNeighbors(to: &host)
    addSettings(to: &host)
    return host
  }

  private func rows(
    _ program: String, _ arguments: [String], _ host: inout LiveHost
  ) -> [JSONTree] {
    let words = ([program] + arguments).joined(separator: " ")
    do {
      let outcome = try runner.run(Command(program, arguments), [])
      guard outcome.status == 0 else {
        host.unread.append("`\(words)` failed: \(outcome.complaint)")
        return []
      }
      // Where there is nothing, nothing is printed.
      if outcome.output.allSatisfy({ $0 <= 0x20 }) { return [] }
      if let rows = decode(outcome.output)?.array { return rows }
      host.unread.append("what `\(words)` shows is no JSON")
    } catch {
      host.unread.append("\(error)")
    }
    return []
  }

  // MARK: Interfaces

  private func interface(_ row: JSONTree) -> Topology.Interface? {
    guard let name = Self.name(row["ifname"]) else { return nil }
    let own = (row["addr_info"]?.array ?? []).compactMap { entry -> Topology.OwnAddress? in
      guard let address = entry["local"]?.text.flatMap(IPAddress.init),
        let length = entry["prefixlen"]?.number, length <= address.family.width
      else { return nil }
      return Topology.OwnAddress(address, length: length)
    }
    return Topology.Interface(
      name, kind(row), own, hardwareAddress: row["address"]?.text.flatMap { MACAddress($0) },
      routesLoopback: system.setting("net/ipv4/conf/\(name)/route_localnet") == "1")
  }

  private func kind(_ row: JSONTree) -> Topology.Interface.Kind {
    let info = row["linkinfo"]
    if row["link_type"]?.text == "loopback" { return .loopback }
    if info?["info_slave_kind"]?.text == "bridge", let bridge = Self.name(row["master"]) {
      let hairpin = info?["info_slave_data"]?["hairpin"]
      return .port(of: bridge, returnsFrames: hairpin == .bool(true))
    }
    return info?["info_kind"]?.text == "bridge" ? .bridge : .plain
  }

  private static func name(_ tree: JSONTree?) -> InterfaceName? {
    tree?.text.flatMap { try? InterfaceName(validating: $0) }
  }

  // MARK: Routes and neighbors

  private func add(_ row: JSONTree, _ family: AddressFamily, to host: inout LiveHost) {
    // Others than to one machine or prefix behind an interface have no `dev`, or lead nowhere.
    guard let text = row["dst"]?.text, let interface = Self.name(row["dev"]),
      row["type"] == nil || row["type"]?.text == "unicast"
    else { return }
    let prefix =
      text == "default"
      ? AddressPrefix(masking: IPAddress(family: family, bits: 0), length: 0) : AddressPrefix(text)
    guard let prefix else { return }
    host.topology.routes.append(
      Topology.Route(
        prefix, by: interface, gateway: row["gateway"]?.text.flatMap(IPAddress.init),
        source: row["prefsrc"]?.text.flatMap(IPAddress.init)))
    if prefix.length == 0, !host.defaultInterfaces.contains(interface) {
      host.defaultInterfaces.append(interface)
    }
  }

  /// Who is known to be where: by address from the neighbor tables, by port from the bridges'.
  private func addNeighbors(to host: inout LiveHost) {
    var ports: [MACAddress: InterfaceName] = [:]
    let known = host.topology.interfaces
    for row in rows("bridge", ["-j", "fdb", "show"], &host) {
      guard let address = row["mac"]?.text.flatMap({ MACAddress($0) }),
        let port = Self.name(row["ifname"]), row["master"] != nil,
        row["state"]?.text != "permanent"
      else { continue }
      ports[address] = port
    }
    for row in rows("ip", ["-j", "neighbor", "show"], &host) {
      guard let address = row["dst"]?.text.flatMap(IPAddress.init),
        let interface = Self.name(row["dev"]),
        let hardware = row["lladdr"]?.text.flatMap({ MACAddress($0) })
      else { continue }
      let isBridge = known.contains { $0.name == interface && $0.kind == .bridge }
      guard let place = isBridge ? ports[hardware] : interface else { continue }
      host.topology.neighbors.append(
        Topology.Neighbor([address], behind: place, hardwareAddress: hardware))
    }
  }

  private func addSettings(to host: inout LiveHost) {
    host.topology.forwards = []
    if system.setting("net/ipv4/ip_forward") == "1" { host.topology.forwards.insert(.ipv4) }
    if system.setting("net/ipv6/conf/all/forwarding") == "1" {
      host.topology.forwards.insert(.ipv6)
    }
    host.topology.checksReversePaths = system.setting("net/ipv4/conf/all/rp_filter") == "1"
    // Without the module, frames are handed to nobody.
    if system.setting("net/bridge/bridge-nf-call-iptables") == "1" {
      host.topology.filtersBridged.insert(.ipv4)
    }
    if system.setting("net/bridge/bridge-nf-call-ip6tables") == "1" {
      host.topology.filtersBridged.insert(.ipv6)
    }
  }
}
