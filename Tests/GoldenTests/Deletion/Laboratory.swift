import Evaluation
import Netfilter
import NetworkTypes

/// A host on which packets are tried, with what there is around it.
struct Laboratory {
  private(set) var topology: Topology
  let ingresses: [Ingress]
  /// Addresses of every kind: neighbors, the world, the host's own, everybody's.
  private let addresses: PerFamily<[IPAddress]>
  let world: PerFamily<IPAddress>
  /// Addresses of the world that rules name as sources.
  private let strangers: [IPAddress]

  init(_ host: Topology, _ ingresses: [Ingress], strangers: [IPAddress] = []) {
    self.strangers = strangers
    var topology = host
    self.ingresses = ingresses
    var world = PerFamily(IPAddress(family: .ipv4, bits: 0xC633_644D))
    world.ipv6 = IPAddress(family: .ipv6, bits: 0x2001_0DB8_0077 << 80 | 7)
    self.world = world
    let groups = Self.groups
    let names = host.interfaces.filter { $0.kind == .plain || $0.kind == .bridge }.map(\.name)
    topology.multicastRoutes = groups.flatMap { group in
      names.map { name in
        Topology.MulticastRoute(group, from: name, to: names.filter { $0 != name })
      }
    }
    var addresses = PerFamily<[IPAddress]>([])
    let all =
      host.neighbors.flatMap(\.addresses) + [world.ipv4, world.ipv6] + strangers
      + host.interfaces.flatMap { $0.addresses.map(\.address) } + groups + Self.special
    addresses.ipv4 = all.filter { $0.family == .ipv4 }
    addresses.ipv6 = all.filter { $0.family == .ipv6 }
    self.addresses = addresses
    self.topology = topology
  }

  /// The same where the host itself has addresses that a ruleset publishes on, and the world those
  /// that it names as sources.
  func withAddresses(of ruleset: Ruleset) -> Laboratory {
    var result = self
    let maps = ruleset.tables.flatMap(\.addressMaps)
    for value in maps.flatMap(\.elements).flatMap(\.key) {
      if case .address(let address) = value { result.topology.own(address) }
    }
    let strangers = ruleset.sources.filter { address in
      result.topology.way(to: address).map {
        result.topology.interface($0.interface)?.kind == .plain
      } ?? false
        && !address.isMulticast
    }
    return Laboratory(result.topology, ingresses, strangers: strangers)
  }

  /// The same with more than the policy knows of: the host has the addresses that rules name, and
  /// every interface has addresses and neighbors of both families.
  func withUnknowns(of program: Program) -> Laboratory {
    var result = topology
    for address in program.destinations.sorted() { result.own(address) }
    var ingresses = ingresses
    for name in program.interfaces.sorted() where topology.interface(name) == nil {
      result.addCard(name)
      ingresses.append(.interface(name))
    }
    for (index, interface) in topology.interfaces.enumerated() {
      guard interface.kind == .plain || interface.kind == .bridge else { continue }
      for family in AddressFamily.allCases
      where !interface.addresses.contains(where: { $0.address.family == family }) {
        let number = UInt128(index)
        let prefix: UInt128 =
          family == .ipv4 ? 0xC612_0000 + number << 8 : (0xFD99 << 112) + number << 64
        result.interfaces[index].addresses.append(
          Topology.OwnAddress(
            IPAddress(family: family, bits: prefix + 1), length: family == .ipv4 ? 24 : 64))
        let places = topology.neighbors.indices.filter {
          topology.neighbors[$0].interface == interface.name
            || topology.interface(topology.neighbors[$0].interface)?.bridge == interface.name
        }
        for place in places {
          result.neighbors[place].addresses.append(
            IPAddress(family: family, bits: prefix + 2 + UInt128(place)))
        }
      }
    }
    return Laboratory(result, ingresses, strangers: strangers)
  }

  private static let groups = [
    IPAddress(family: .ipv4, bits: 0xE000_00FB), IPAddress(family: .ipv4, bits: 0xEF01_0203),
    IPAddress(family: .ipv6, bits: 0xFF05 << 112 | 0x7),
    IPAddress(family: .ipv6, bits: 0xFF02 << 112 | 1),
  ]
  private static let special = [
    IPAddress(family: .ipv4, bits: 0xFFFF_FFFF), IPAddress(family: .ipv4, bits: 0xA9FE_0707),
    IPAddress(family: .ipv6, bits: 0xFE80 << 112 | 7), IPAddress(family: .ipv4, bits: 0),
    IPAddress(family: .ipv6, bits: 0), IPAddress(family: .ipv4, bits: 0x7F00_0001),
    IPAddress(family: .ipv6, bits: 1),
  ]

  /// Addresses that meet every wish, ordinary ones first.
  func addresses(
    _ family: AddressFamily, _ wishes: [Picture.Wish<AddressRange>]
  ) -> [IPAddress] {
    var result = addresses[family].filter { address in wishes.allSatisfy { $0.holds(address) } }
    for wish in wishes where !wish.isNegated {
      for range in wish.values.prefix(4) where range.family == family {
        for address in [range.first, range.last]
        where !result.contains(address) && wishes.allSatisfy({ $0.holds(address) }) {
          result.append(address)
        }
      }
    }
    return result
  }

  /// What rules may call the place that packets come in by.
  func names(_ ingress: Ingress) -> [InterfaceName] {
    switch ingress {
    case .host: [.loopback]
    case .interface(let name, _):
      [name] + (topology.interface(name)?.bridge.map { [$0] } ?? [])
    }
  }

  func isPort(_ ingress: Ingress) -> Bool {
    guard case .interface(let name, _) = ingress else { return false }
    return topology.interface(name)?.bridge != nil
  }

  func isBehindPort(_ address: IPAddress) -> Bool {
    topology.neighbors.contains {
      $0.addresses.contains(address) && topology.interface($0.interface)?.bridge != nil
    }
  }

  func isOwn(_ address: IPAddress) -> Bool { topology.isOwn(address) == true }

  func isForMany(_ address: IPAddress) -> Bool {
    if address.isMulticast || address == IPAddress(family: .ipv4, bits: 0xFFFF_FFFF) { return true }
    return address.family == .ipv4
      && topology.interfaces.flatMap(\.addresses).contains {
        $0.length < 31 && $0.prefix.last == address
      }
  }

  /// What rules may call the place that packets to the address go out by, one list for each.
  func ways(to destination: IPAddress) -> [[InterfaceName]] {
    if isForMany(destination) {
      return topology.interfaces.map { [$0.name] + ($0.bridge.map { [$0] } ?? []) }
    }
    if isOwn(destination) { return [[.loopback]] }
    if let neighbor = topology.neighbors.first(where: { $0.addresses.contains(destination) }) {
      return [names(.interface(neighbor.interface))]
    }
    return topology.way(to: destination).map { [[$0.interface]] } ?? []
  }

  /// Where packets with that source come in, if they are true.
  func ingress(of source: IPAddress) -> Ingress? {
    if isOwn(source) { return .host }
    if let neighbor = topology.neighbors.first(where: { $0.addresses.contains(source) }) {
      return .interface(neighbor.interface)
    }
    guard let way = topology.way(to: source),
      topology.interface(way.interface)?.kind == .plain
    else { return nil }
    return .interface(way.interface)
  }

  /// The sender's own addresses.
  func own(_ ingress: Ingress, _ family: AddressFamily, to destination: IPAddress) -> [IPAddress] {
    switch ingress {
    case .host: return topology.sourceAddress(for: destination).map { [$0] } ?? []
    case .interface(let name, _):
      let neighbors = topology.neighbors.filter { $0.interface == name }
      if neighbors.isEmpty {
        return [world[family]] + strangers.filter { $0.family == family }
      }
      return neighbors.flatMap(\.addresses).filter { $0.family == family }
    }
  }

  func hardware(_ ingress: Ingress) -> MACAddress? {
    guard case .interface(let name, _) = ingress else { return nil }
    let neighbor = topology.neighbors.first { $0.interface == name }
    return neighbor?.hardwareAddress ?? MACAddress(bits: 0x0200_0000_0077)
  }
}

extension Topology {
  /// Adds an interface with somebody behind it.
  fileprivate mutating func addCard(_ name: InterfaceName) {
    let number = UInt128(interfaces.count)
    let prefixes: [UInt128] = [0xC613_0000 + number << 8, (0xFD98 << 112) + number << 64]
    for (family, prefix) in zip(AddressFamily.allCases, prefixes) {
      let own = OwnAddress(
        IPAddress(family: family, bits: prefix + 1), length: family == .ipv4 ? 24 : 64)
      if family == .ipv4 {
        interfaces.append(Interface(name, .plain, [own]))
      } else {
        interfaces[interfaces.count - 1].addresses.append(own)
      }
      neighbors.append(Neighbor([IPAddress(family: family, bits: prefix + 2)], behind: name))
    }
  }

  /// Gives the host an address that nobody else can have.
  fileprivate mutating func own(_ address: IPAddress) {
    guard !address.isMulticast, !address.isLoopback, !address.isUnspecified,
      !(address.family == .ipv6 && address.isLinkLocal), isOwn(address) == false,
      neighbors.allSatisfy({ !$0.addresses.contains(address) }),
      interfaces.flatMap(\.addresses).allSatisfy({ $0.prefix.address != address }),
      let uplink = interfaces.lastIndex(where: { $0.kind == .plain })
    else { return }
    interfaces[uplink].addresses.append(OwnAddress(address, length: address.family.width))
  }
}

extension Program {
  /// The interfaces that rules name.
  fileprivate var interfaces: Set<InterfaceName> {
    var result: Set<InterfaceName> = []
    for chain in tables.filter({ $0.scope != .frames }).flatMap(\.chains) {
      for index in 0..<chain.rules.number {
        for case .match(let match) in chain.rules[index].conditions {
          switch match {
          case .inputInterface(.equals(let name)), .outputInterface(.equals(let name)),
            .inputInterface(.differs(let name)), .outputInterface(.differs(let name)):
            result.insert(name)
          default: break
          }
        }
      }
    }
    return result
  }

  /// The first address of each range that rules ask destinations for.
  fileprivate var destinations: Set<IPAddress> {
    var result: Set<IPAddress> = []
    for chain in tables.flatMap(\.chains) {
      for index in 0..<chain.rules.number {
        for case .match(.destination(let match)) in chain.rules[index].conditions {
          if case .range(let range) = match.operand, !match.negated { result.insert(range.first) }
        }
      }
    }
    return result
  }
}

extension Ruleset {
  /// The first address of each range that rules ask sources for.
  fileprivate var sources: [IPAddress] {
    var result: Set<IPAddress> = []
    for table in tables {
      for case .source(let match) in table.chains.flatMap(\.rules).flatMap(\.matches) {
        if case .range(let range) = match.operand { result.insert(range.first) }
      }
      for case .addresses(_, let ranges) in table.sets.map(\.content) {
        result.formUnion(ranges.prefix(4).map(\.first))
      }
    }
    return result.sorted()
  }
}
