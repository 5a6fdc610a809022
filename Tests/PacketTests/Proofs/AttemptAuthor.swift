import Diagnostics
import Evaluation
import NetworkTypes
import PolicyModel
import PolicyTestSupport
import TestSupport

/// Chooses packets at the edges of what a policy says: addresses and ports that it names, and those
/// next to them.
struct AttemptAuthor {
  private var random: SeededGenerator
  private let host: GeneratedHost
  private let senders: [Station]
  private let addresses: [IPAddress]
  private let ports: [UInt16]

  init(_ host: GeneratedHost, seed: UInt64) {
    random = SeededGenerator(seed: seed ^ 0x5EED)
    self.host = host
    senders = host.plan.stations.filter(\.isSeenByHost) + [host.plan.host]
    addresses = Self.addresses(host)
    ports = Self.ports(host)
  }

  /// A packet that any station sends, true or forged.
  mutating func attempt() -> Attempt {
    let sender = random.pick(senders)
    let destination = random.isOne(in: 4) ? random.pick(addresses) : own(of: random.pick(senders))
    var packet = Packet(
      from: source(sender, destination.family), to: destination, content(destination.family))
    if !sender.isHost, !random.isOne(in: 20) {
      packet.sourceMAC = sender.hardware
      if random.isOne(in: 20) { packet.sourceMAC = random.pick(senders).hardware }
    } else if !sender.isHost {
      packet.sourceMAC = MACAddress(octets: [2, 0x42, 9, 9, 9, 9])
    }
    return Attempt(
      sender: sender.name, packet: packet, isRouted: !sender.isHost && random.isOne(in: 12),
      count: random.isOne(in: 6) ? 4 : 1)
  }

  /// A probe from a station's own address to another's that it has a route to, so that the kernel can be asked.
  mutating func probe() -> Probe? {
    let sender = random.pick(senders)
    let receiver = random.pick(senders)
    let destination = own(of: receiver)
    guard sender.isHost || sender.address(destination.family) != nil,
      sender.isHost || sender != receiver, !destination.isLoopback || sender.isHost,
      sender.access != .outside || sender.routesToGuests
        || sender.segment.hostAddresses.contains(where: { $0.prefix.contains(destination) })
    else { return nil }
    let kind: Probe.Kind =
      switch Int.random(in: 0..<8, using: &random) {
      case 0: .echo
      case 1, 2: .udp(random.pick(ports))
      default: .tcp(random.pick(ports))
      }
    return Probe(from: sender, to: destination, kind)
  }

  private mutating func source(_ sender: Station, _ family: AddressFamily) -> IPAddress {
    let isTrue = !random.isOne(in: sender.isHost ? 60 : 7)
    if sender.isHost, isTrue {
      return host.plan.uplink.gateway(family) ?? IPAddress(family: family, bits: 0)
    }
    if isTrue, let own = sender.address(family) { return own }
    let others = addresses.filter { $0.family == family && !$0.isMulticast }
    return others.isEmpty ? IPAddress(family: family, bits: 1) : random.pick(others)
  }

  private mutating func own(of station: Station) -> IPAddress {
    let own =
      station.isHost
      ? host.plan.segments.flatMap { $0.hostAddresses.map(\.address) } + station.extraAddresses
        + AddressPair(("127.0.0.1", "::1")).both
      : station.addresses.map(\.address)
    return own.isEmpty ? random.pick(addresses) : random.pick(own)
  }

  private mutating func content(_ family: AddressFamily) -> Packet.Content {
    let from = random.isOne(in: 4) ? random.pick(ports) : 40_000
    let port = random.pick(ports)
    let echo = ICMPType.echoRequest(family)
    switch Int.random(in: 0..<20, using: &random) {
    case 0: return .tcp(from: from, to: port, random.pick([.answering, .later, .reset]))
    case 1: return .ports(.sctp, from: from, to: port)
    case 2: return .other(random.pick([.gre, .esp, .ospf]))
    case 3, 4: return .icmp(type: echo, code: 0, identifier: from)
    case 5:
      let types = [ICMPType.echoReply(family), ICMPType.unreachable(family), 13, 134, 143]
      return .icmp(type: random.pick(types), code: 0, identifier: 0)
    case 6, 7, 8, 9, 10: return .ports(.udp, from: from, to: port)
    default: return .tcp(from: from, to: port, .opening)
    }
  }

  private static func addresses(_ host: GeneratedHost) -> [IPAddress] {
    let edges = ["192.0.2.3", "198.51.100.0", "198.51.100.127", "198.51.100.128", "8.8.8.8"]
    let groups = ["224.0.0.251", "239.1.2.3", "255.255.255.255", "ff02::1", "169.254.1.1"]
    let beyond = ["2001:db8:99::1", "2001:db8:9a::", "2001:db8:f::3", "10.11.0.10", "10.12.0.12"]
    let ranges = host.policy.networks.flatMap(\.subnets).map(\.value).flatMap { subnet in
      [subnet.address, subnet.last, subnet.address.next(77), subnet.last.next(1)]
    }
    return (edges + groups + beyond).compactMap(IPAddress.init) + ranges
  }

  /// Every number of the text that is a port, its neighbors, and a few more.
  private static func ports(_ host: GeneratedHost) -> [UInt16] {
    let published = host.policy.publishes.indices.flatMap { index in
      let publish = host.policy.publishes[index]
      return [publish.hostPorts.lower, publish.hostPorts.upper]
    }
    let named = published.flatMap { [$0, $0, $0 &- 1, $0 &+ 1] }
    let words = host.blocks.text.split { !$0.isNumber }.compactMap { UInt16($0) }
    let written = Set(words.filter { $0 == 22 || $0 == 53 || (80...9999).contains($0) }).sorted()
    return (named + written + written + [1, 22, 53, 67, 80, 80, 443, 8000, 8080, 40_000])
      .filter { $0 != 0 }
  }
}

extension IPAddress {
  fileprivate func next(_ distance: UInt128) -> IPAddress {
    IPAddress(family: family, bits: bits &+ distance)
  }
}
