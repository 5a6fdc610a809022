import Evaluation
import HeaderSpace
import Netfilter
import NetworkTypes

/// The host of a site as the evaluator takes hosts, made for one header: whoever sends it or is
/// meant by it hangs where the header says.
struct SampleHost {
  let site: Site
  let interfaces: InterfaceSpace
  let header: SampleHeader

  /// An address of the host that no policy names.
  static func unnamed(_ family: AddressFamily) -> IPAddress {
    switch family {
    case .ipv4: IPAddress(family: .ipv4, bits: 0x647F_FFFE)
    case .ipv6: IPAddress(family: .ipv6, bits: 0x2001_0db8_ffff_0000_0000_0000_0000_00fe)
    }
  }

  func topology(filtersBridged: Bool) -> Topology {
    var parts: [Topology.Interface] = [
      Topology.Interface(
        .loopback, .loopback,
        [
          Topology.OwnAddress(IPAddress("127.0.0.1")!, length: 8),
          Topology.OwnAddress(IPAddress("::1")!, length: 128),
        ])
    ]
    var neighbors: [Topology.Neighbor] = []
    for network in site.networks { add(network, &parts, &neighbors) }
    let taken = Set(parts.flatMap(\.addresses).map(\.address))
    var own = site.ownAddresses + [Self.unnamed(.ipv4), Self.unnamed(.ipv6)]
    if header.isLocal, !header.destination.isLoopback { own.append(header.destination) }
    let others = Set(own).subtracting(taken).sorted().map {
      Topology.OwnAddress($0, length: $0.family.width)
    }
    for way in interfaces.ways {
      guard let name = plainName(way) else { continue }
      let isExit = name == exit
      parts.append(Topology.Interface(name, .plain, isExit ? others : []))
    }
    if !parts.contains(where: { $0.name == exit && $0.kind == .plain }) {
      let index = parts.firstIndex { $0.name == exit }!
      parts[index].addresses += others
    }
    return Topology(
      interfaces: parts,
      routes: AddressFamily.allCases.map {
        Topology.Route(AddressPrefix(masking: IPAddress(family: $0, bits: 0), length: 0), by: exit)
      }
        + site.networks.flatMap { network in
          network.subnets.flatMap(\.prefixes).map { Topology.Route($0, by: network.interface) }
        }, neighbors: neighbors, filtersBridged: filtersBridged ? [.ipv4, .ipv6] : [])
  }

  /// Where the first packet comes in.
  var ingress: Ingress {
    switch interfaces.ways[header.input] {
    case .host: return .host
    case .named(let name): return .interface(name)
    case .other: return .interface(Self.other)
    case .port(let port, _): return .interface(port)
    case .network(let interface):
      let network = site.networks.first { $0.interface == interface }
      return .interface(network?.kind == .bridge ? Self.sendersPort : interface)
    }
  }

  private static let other = name("oth9")
  private static let sendersPort = name("src9")
  private static let receiversPort = name("dst9")

  private func plainName(_ way: InterfaceSpace.Way) -> InterfaceName? {
    switch way {
    case .named(let name): name
    case .other: Self.other
    case .host, .network, .port: nil
    }
  }

  /// The interface to the world.
  private var exit: InterfaceName {
    switch interfaces.ways[header.exit] {
    case .named(let name), .network(let name), .port(_, let name): name
    case .other, .host: Self.other
    }
  }

  private func add(
    _ network: Site.Network, _ parts: inout [Topology.Interface],
    _ neighbors: inout [Topology.Neighbor]
  ) {
    let own = site.ownAddresses.filter { address in
      network.subnets.contains { $0.contains(address) }
    }
    let addresses = own.map { address in
      let subnet = network.subnets.first { $0.contains(address) }
      return Topology.OwnAddress(address, length: subnet?.prefix?.length ?? address.family.width)
    }
    let isBridge = network.kind == .bridge
    parts.append(
      Topology.Interface(
        network.interface, isBridge ? .bridge : .plain, addresses, routesLoopback: true))
    guard isBridge else { return }
    for port in network.ports {
      parts.append(
        Topology.Interface(port, .port(of: network.interface, returnsFrames: false)))
    }
    addPorts(network, &parts, &neighbors)
  }

  /// The ports of sender and receiver, as far as these are on the bridge.
  private func addPorts(
    _ network: Site.Network, _ parts: inout [Topology.Interface],
    _ neighbors: inout [Topology.Neighbor]
  ) {
    let guests = Set(network.guests.flatMap(\.addresses))
    let ways = interfaces.network(network.interface)
    let isSenders =
      ways.map {
        UInt128(header.input) >= $0.lower && UInt128(header.input) <= $0.upper
      } ?? false
    func isMember(_ address: IPAddress) -> Bool {
      guests.contains(address) || network.subnets.contains { $0.contains(address) }
    }
    func place(_ address: IPAddress, _ port: InterfaceName) {
      let isStranger = network.isOnLAN && !guests.contains(address)
      let name = isStranger ? network.ports.sorted()[0] : port
      if !isStranger, !parts.contains(where: { $0.name == name }) {
        parts.append(
          Topology.Interface(name, .port(of: network.interface, returnsFrames: false)))
      }
      neighbors.append(Topology.Neighbor([address], behind: name))
    }
    if isSenders { place(header.source, Self.sendersPort) }
    for address in header.receivers where address != header.source || !isSenders {
      let isOnLink = isMember(address) || (network.isOnLAN && isSenders && !isElsewhere(address))
      if isOnLink, !site.ownAddresses.contains(address), !header.isLocal || isMember(address) {
        place(address, Self.receiversPort)
      }
    }
  }

  private func isElsewhere(_ address: IPAddress) -> Bool {
    site.networks.contains { network in network.subnets.contains { $0.contains(address) } }
  }
}

/// The name of an interface that the tests make up.
private func name(_ text: String) -> InterfaceName {
  guard let name = try? InterfaceName(validating: text) else {
    preconditionFailure("\(text) can be the name of an interface")
  }
  return name
}

/// One header that a diagram was asked about.
struct SampleHeader {
  let input: Int
  let exit: Int
  let isLocal: Bool
  let source: IPAddress
  let destination: IPAddress
  /// The destination, and where it is rewritten to.
  var receivers: [IPAddress]
}
