import Evaluation
import Netfilter
import NetworkTypes

/// Packets at the edges of what a ruleset speaks of: its addresses and ports, and those next to them.
struct BoundaryPackets {
  private let addresses: PerFamily<[IPAddress]>
  private let ports: [UInt16]
  private let types: [UInt8]
  private let host: GoldenHost
  private var random: EvenNumbers

  init(_ ruleset: Ruleset, _ host: GoldenHost, seed: UInt64) {
    var edges = Edges()
    edges.collect(ruleset)
    for neighbor in host.topology.neighbors {
      for address in neighbor.addresses { edges.add(AddressRange(address)) }
    }
    for own in host.topology.interfaces.flatMap(\.addresses) {
      edges.add(AddressRange(own.address))
    }
    var addresses = PerFamily<[IPAddress]>([])
    addresses.ipv4 = edges.addresses.filter { $0.family == .ipv4 }.sorted()
    addresses.ipv6 = edges.addresses.filter { $0.family == .ipv6 }.sorted()
    self.addresses = addresses
    ports = (edges.ports.union([1, 53, 80, 443, 40_000])).sorted()
    types = edges.types.union([0, 8, 128, 129]).sorted()
    self.host = host
    random = EvenNumbers(state: seed)
  }

  /// A packet and where it enters.
  mutating func next() -> (packet: Packet, ingress: Ingress) {
    let family: AddressFamily = random.number(below: 5) < 3 ? .ipv4 : .ipv6
    let ingress = random.pick(host.ingresses)
    let destination = random.pick(addresses[family])
    var packet = Packet(
      from: source(family, ingress, destination), to: destination, content(family))
    if case .interface(let name, _) = ingress {
      let neighbor = host.topology.neighbors.first { $0.interface == name }
      packet.sourceMAC = neighbor?.hardwareAddress ?? MACAddress(bits: 0x0200_0000_0001)
    }
    return (packet, ingress)
  }

  // Mostly the address of whoever is there; else anybody's.
  private mutating func source(
    _ family: AddressFamily, _ ingress: Ingress, _ destination: IPAddress
  ) -> IPAddress {
    let anybody = random.pick(addresses[family])
    guard random.number(below: 4) > 0 else { return anybody }
    switch ingress {
    case .host: return host.topology.sourceAddress(for: destination) ?? anybody
    case .interface(let name, _):
      let neighbor = host.topology.neighbors.first { $0.interface == name }
      return neighbor?.addresses.first { $0.family == family } ?? anybody
    }
  }

  private mutating func content(_ family: AddressFamily) -> Packet.Content {
    let from = random.pick(ports)
    let to = random.pick(ports)
    switch random.number(below: 12) {
    case 0...4: return .tcp(from: from, to: to, .opening)
    case 5: return .tcp(from: from, to: to, .later)
    case 6...8: return .ports(.udp, from: from, to: to)
    case 9: return .ports(.sctp, from: from, to: to)
    case 10: return .icmp(type: random.pick(types), code: 0, identifier: from)
    default: return .other(random.number(below: 2) == 0 ? .esp : .gre)
    }
  }
}

/// What a ruleset speaks of, and the values next to it.
private struct Edges {
  var addresses: Set<IPAddress> = []
  var ports: Set<UInt16> = []
  var types: Set<UInt8> = []

  mutating func add(_ range: AddressRange) {
    let family = range.family
    let most = AddressRange.all(family).upperBits
    addresses.formUnion([range.first, range.last])
    if range.lowerBits > 0 { add(family, range.lowerBits - 1) }
    if range.upperBits < most { add(family, range.upperBits + 1) }
  }

  private mutating func add(_ family: AddressFamily, _ bits: UInt128) {
    addresses.insert(IPAddress(family: family, bits: bits))
  }

  private mutating func add(_ range: PortRange) {
    ports.formUnion([range.lower, range.upper])
    if range.lower > 0 { ports.insert(range.lower - 1) }
    if range.upper < .max { ports.insert(range.upper + 1) }
  }

  mutating func collect(_ ruleset: Ruleset) {
    for table in ruleset.tables {
      for set in table.sets {
        if case .addresses(_, let ranges) = set.content { ranges.forEach { add($0) } }
      }
      for element in table.verdictMaps.flatMap(\.elements) { add(element.key) }
      for element in table.addressMaps.flatMap(\.elements) {
        add(element.key)
        add(AddressRange(element.address))
      }
      for match in table.chains.flatMap(\.rules).flatMap(\.matches) { add(match) }
    }
  }

  private mutating func add(_ key: ElementKey) {
    for value in key {
      switch value {
      case .address(let address): add(AddressRange(address))
      case .ports(let range): add(range)
      case .interface, .transport: break
      }
    }
  }

  private mutating func add(_ match: Match) {
    switch match {
    case .source(let match), .destination(let match):
      if case .range(let range) = match.operand { add(range) }
    case .sourcePort(let ranges), .destinationPort(let ranges): ranges.forEach { add($0) }
    case .icmp(_, let type, _): types.insert(type)
    default: break
    }
  }
}

/// Numbers that depend on the seed alone (SplitMix64).
struct EvenNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var result = state
    result = (result ^ (result >> 30)) &* 0xBF58_476D_1CE4_E5B9
    result = (result ^ (result >> 27)) &* 0x94D0_49BB_1331_11EB
    return result ^ (result >> 31)
  }

  mutating func number(below limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[number(below: elements.count)]
  }
}
