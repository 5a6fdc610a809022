import Diagnostics
import Evaluation
import NetworkTypes
import PolicyModel

/// The host that a policy speaks of: its ways to the world, and its addresses. What a policy leaves
/// open is chosen, so that no line speaks of it.
struct HostModel: Sendable {
  /// A way to the world.
  enum Way: Hashable, Sendable {
    case interface(InterfaceName)
    /// The port of a bridge, by the network that hangs on it: the host is on the LAN by it.
    case port(InterfaceName, network: Int)
  }

  let policy: Policy
  let mentions: Mentions
  /// Never empty. Default routes are by the first.
  let ways: [Way]
  /// How many of them, from the first on, strangers come by.
  let openWays: Int
  /// The host's own address on each way; none where nobody can say one.
  let wayAddresses: [PerFamily<IPAddress?>]
  /// Addresses that are the host's own because lines say so, gateways and loopback ones aside.
  let ownAddresses: Set<IPAddress>
  /// Published loopback addresses, beside the usual one.
  let loopbackAddresses: [IPAddress]
  /// The machine that the flow is tried on; `nil` for one that is made up from the policy.
  let live: LiveHost?

  init(_ policy: Policy) {
    self.policy = policy
    mentions = Mentions(policy)
    let ways = Self.ways(of: policy, mentions)
    self.ways = ways
    openWays = ways.count
    live = nil
    var own: Set<IPAddress> = []
    var loopback: Set<IPAddress> = []
    var last: IPAddress?
    for index in policy.publishes.indices {
      guard let address = policy.publishes[index].hostAddress, address != last else { continue }
      last = address
      if address.isLoopback { loopback.insert(address) } else { own.insert(address) }
    }
    for network in policy.networks {
      own.formUnion(network.masquerades.compactMap { $0.address?.first })
      own.formUnion(network.sourceNATs.map(\.address))
    }
    own.subtract(policy.networks.flatMap(\.gateways))
    ownAddresses = own
    loopbackAddresses = loopback.sorted()
    var chooser = AddressChooser(policy, mentions, own)
    wayAddresses = ways.map { way in
      switch way {
      case .interface:
        return PerFamily { chooser.take($0) }
      case .port(_, let index):
        return PerFamily { policy.networks[index].gateways(of: $0).first }
      }
    }
  }

  /// The host that a policy speaks of as it is.
  init(_ policy: Policy, on host: LiveHost) {
    self.policy = policy
    mentions = Mentions(policy)
    live = host
    let networks = Set(policy.networks.map(\.attachment.interface.value))
    let outer = host.topology.interfaces.filter { interface in
      guard !networks.contains(interface.name) else { return false }
      switch interface.kind {
      case .plain, .bridge: return true
      case .loopback: return false
      case .port: return false
      }
    }.map(\.name)
    let first = policy.uplinks.map(\.value) + host.defaultInterfaces
    let open = outer.filter(first.contains)
    let cards = open.isEmpty ? outer : open + outer.filter { !open.contains($0) }
    let ports = Self.ways(of: policy, mentions).filter {
      if case .port = $0 { true } else { false }
    }
    let found = ports + cards.map(Way.interface)
    // A host without any card is tried as if it had the policy's.
    ways = found.isEmpty ? Self.ways(of: policy, mentions) : found
    openWays = ports.count + (open.isEmpty ? cards.count : open.count)
    wayAddresses = ways.map { way in
      let name = Self.router(of: way, policy)
      let own = host.topology.interfaces.first { $0.name == name }?.addresses.map(\.address) ?? []
      return PerFamily { family in own.first { $0.family == family && !$0.isLinkLocal } }
    }
    let own = host.topology.interfaces.flatMap { $0.addresses.map(\.address) }
    ownAddresses = Set(own.filter { !$0.isLoopback }).subtracting(
      policy.networks.flatMap(\.gateways))
    loopbackAddresses = Set(
      policy.publishes.compactMap { $0.hostAddress?.isLoopback == true ? $0.hostAddress : nil }
    ).sorted()
  }

  private static func ways(of policy: Policy, _ mentions: Mentions) -> [Way] {
    let own = Set(policy.networks.map(\.attachment.interface.value))
    var ports: [Way] = []
    var names = policy.uplinks.map(\.value)
    var parents: [InterfaceName] = []
    for (index, network) in policy.networks.enumerated() {
      switch network.attachment.kind {
      case .bridge(let members):
        if let port = members.first?.value { ports.append(.port(port, network: index)) }
      case .macvlan, .ipvlan: parents.append(network.attachment.interface.value)
      case .openvswitch, .interface: break
      }
    }
    let isWrittenOut = !names.isEmpty
    let foreign = mentions.interfaces.filter { !own.contains($0) }
    for name in (isWrittenOut ? [] : parents) + foreign where !names.contains(name) {
      names.append(name)
    }
    if !isWrittenOut, parents.isEmpty {
      // Any other card, which nobody names.
      names.append(plainName(besides: own.union(names).union(ports.map(\.interface))))
    }
    let cards = names.map(Way.interface)
    return isWrittenOut ? cards + ports : ports + cards
  }

  private static func plainName(besides taken: Set<InterfaceName>) -> InterfaceName {
    for number in 0... {
      guard let name = try? InterfaceName(validating: "eth\(number)") else { break }
      if !taken.contains(name) { return name }
    }
    return .loopback
  }
}

extension PerFamily {
  /// What `value` says of each family, IPv4 first.
  init(_ value: (AddressFamily) -> Value) {
    self.init(value(.ipv4))
    ipv6 = value(.ipv6)
  }
}

extension HostModel.Way {
  /// What packets of the world come in by.
  var interface: InterfaceName {
    switch self {
    case .interface(let name), .port(let name, _): name
    }
  }
}

extension HostModel {
  /// Where an address is, for all that the policy says.
  ///
  /// - Complexity: linear in networks and, of one network, in containers.
  func place(of address: IPAddress) -> FlowEnd.Place {
    if address.isLoopback || ownAddresses.contains(address) { return .host }
    if wayAddresses.contains(where: { $0[address.family] == address }) { return .host }
    for (index, network) in policy.networks.enumerated() {
      guard network.subnets.contains(where: { $0.value.contains(address) }) else { continue }
      if network.gateways.contains(address), network.attachment.isSeenByHost { return .host }
      if network.isHostBridge, guest(at: address, in: index) == nil {
        return way(onto: index).map { .way($0) } ?? .network(index)
      }
      return .network(index)
    }
    return .way(route(to: address))
  }

  /// The way to an address out there.
  private func route(to address: IPAddress) -> Int {
    guard let live else { return 0 }
    let links = live.topology.interfaces.flatMap { interface in
      interface.addresses.map { (prefix: $0.prefix, interface: interface.name) }
    }
    let routes = links + live.topology.routes.map { (prefix: $0.prefix, interface: $0.interface) }
    let best = routes.filter { $0.prefix.contains(address) }.max {
      $0.prefix.length < $1.prefix.length
    }
    return ways.indices.first { router(of: $0) == best?.interface } ?? 0
  }

  /// The way to the world that is a port of the network's bridge.
  func way(onto network: Int) -> Int? {
    ways.firstIndex { if case .port(_, network) = $0 { true } else { false } }
  }

  /// The container that has the address.
  func guest(at address: IPAddress, in network: Int) -> Int? {
    policy.networks[network].guests.firstIndex { guest in
      guest.addresses.contains { $0.value == address }
    }
  }

  /// What people call whoever is at an address.
  func name(of address: IPAddress, at place: FlowEnd.Place) -> String {
    switch place {
    case .host: return "host"
    case .network(let index):
      let network = policy.networks[index]
      guard let guest = guest(at: address, in: index) else { return network.name.value }
      return "\(network.name.value).\(network.guests[guest].name.value)"
    case .way:
      return policy.lists.first { $0.addresses.contains(address) }?.name.value ?? "world"
    }
  }

  /// Whether the host's rules never see what the network's members send, whoever it is for.
  func isUnseen(_ place: FlowEnd.Place) -> Bool {
    guard case .network(let index) = place else { return false }
    return !policy.networks[index].attachment.isSeenByHost
  }
}

extension Network {
  /// A bridge with a port of the host's own onto a LAN.
  var isHostBridge: Bool {
    if case .bridge(let ports) = attachment.kind { !ports.isEmpty } else { false }
  }
}
