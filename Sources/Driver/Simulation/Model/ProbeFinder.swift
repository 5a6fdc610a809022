import NetworkTypes
import PolicyModel

/// Finds the packets that a flow's services stand for: one of each kind that lines tell apart.
struct ProbeFinder {
  let model: HostModel
  let family: AddressFamily

  /// The most ports of one protocol.
  static let limit = 64
  /// A number for experiments (RFC 3692): no line speaks of all protocols by accident.
  private static let anyOther = TransportProtocol(number: 253)

  /// - Parameter services: empty for everything.
  func probes(of services: [ServiceMatch]) -> [Probe] {
    var seen: Set<Probe> = []
    let found = services.isEmpty ? everything : services.flatMap(probes)
    return found.filter { seen.insert($0).inserted }
  }

  private func probes(of service: ServiceMatch) -> [Probe] {
    switch service {
    case .ports(let transport, let ranges): ports(transport, ranges)
    case .icmp(let family, let type):
      family == self.family ? [Self.message(family, type)] : []
    case .transport(let transport): probes(of: transport)
    }
  }

  private func probes(of transport: TransportProtocol) -> [Probe] {
    if transport.hasPorts { return ports(transport, [PortRange(1, .max)]) }
    let own: TransportProtocol = family == .ipv4 ? .icmp : .icmpv6
    if transport == own {
      return [Probe(transport: own)]
        + model.mentions.types(of: family).map { Self.message(family, $0) }
    }
    return transport == .icmp || transport == .icmpv6 ? [] : [Probe(transport: transport)]
  }

  private var everything: [Probe] {
    let own: TransportProtocol = family == .ipv4 ? .icmp : .icmpv6
    let usual: [TransportProtocol] = [.tcp, .udp, own]
    let others = model.mentions.transports.filter { !usual.contains($0) }
    return (usual + others + [Self.anyOther]).flatMap(probes)
  }

  /// Of a range one port for each set of lines that speak of it.
  private func ports(_ transport: TransportProtocol, _ ranges: [PortRange]) -> [Probe] {
    if ranges.count == 1, ranges[0].count == 1 {
      return [Probe(transport: transport, port: ranges[0].lower)]
    }
    let sets = model.mentions.ports(of: transport).map { [Self.bits($0)] }
    let found = ValueClasses(of: ranges.map(Self.bits), by: sets).classes.prefix(Self.limit)
    return found.map { Probe(transport: transport, port: UInt16($0.ranges[0].lowerBound)) }
  }

  private static func bits(_ range: PortRange) -> ClosedRange<UInt128> {
    UInt128(range.lower)...UInt128(range.upper)
  }

  private static func message(_ family: AddressFamily, _ type: ICMPType) -> Probe {
    let transport: TransportProtocol = family == .ipv4 ? .icmp : .icmpv6
    let isEcho = type.type == (family == .ipv4 ? 8 : 128)
    return Probe(
      transport: transport,
      type: isEcho ? nil : Probe.ICMPMessage(type: type.type, code: type.code ?? 0))
  }
}
