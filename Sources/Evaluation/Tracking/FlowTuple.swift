import NetworkTypes

/// What conntrack tells flows apart by, in one direction.
struct FlowTuple: Hashable, Sendable {
  var transport: TransportProtocol
  var source: IPAddress
  /// The port, or the identifier of an echo; 0 where there is neither.
  var sourcePort: UInt16
  var destination: IPAddress
  /// The port, or the identifier of an echo; 0 where there is neither.
  var destinationPort: UInt16
  /// The ICMP type; 0 of other protocols.
  var type: UInt8

  /// `nil` of ARP, and of what conntrack does not track by itself.
  init?(_ packet: Packet) {
    guard let transport = packet.transport else { return nil }
    self.transport = transport
    source = packet.source
    destination = packet.destination
    sourcePort = 0
    destinationPort = 0
    type = 0
    switch packet.content {
    case .tcp(let from, let to, _), .ports(_, let from, let to):
      sourcePort = from
      destinationPort = to
    case .icmp(let type, _, let identifier):
      sourcePort = identifier
      destinationPort = identifier
      self.type = type
    case .other: break
    case .icmpError, .neighbor, .arp: return nil
    }
  }

  /// The tuple of what comes back.
  var reversed: FlowTuple {
    var result = self
    swap(&result.source, &result.destination)
    swap(&result.sourcePort, &result.destinationPort)
    if isEcho {
      let family = source.family
      result.type =
        type == ICMPType.echoRequest(family)
        ? ICMPType.echoReply(family) : ICMPType.echoRequest(family)
    }
    return result
  }

  var isEcho: Bool {
    transport == (source.family == .ipv4 ? .icmp : .icmpv6)
      && (type == ICMPType.echoRequest(source.family) || type == ICMPType.echoReply(source.family))
  }
}
