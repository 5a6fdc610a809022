package import NetworkTypes

/// A packet or frame, as far as rules can tell packets apart.
package struct Packet: Hashable, Sendable {
  /// The sender's address; of ARP the sender's protocol address.
  package var source: IPAddress
  /// Who it is for; of ARP the address that is asked for. Of the family of ``source``.
  package var destination: IPAddress
  package var content: Content
  /// The hardware address of whoever sent the frame; `nil` where it is not known.
  package var sourceMAC: MACAddress?
  /// Whether the frame has a VLAN tag that names no VLAN (IEEE 802.1Q, VID 0): receivers ignore it,
  /// but such frames are not handed to the IP rules.
  package var isTagged: Bool
  /// The packet mark, which stays with the packet while it is on the host.
  package var mark: UInt32

  package init(
    from source: IPAddress, to destination: IPAddress, _ content: Content,
    sourceMAC: MACAddress? = nil, isTagged: Bool = false, mark: UInt32 = 0
  ) {
    self.source = source
    self.destination = destination
    self.content = content
    self.sourceMAC = sourceMAC
    self.isTagged = isTagged
    self.mark = mark
  }

  package var family: AddressFamily { source.family }

  /// What a packet carries.
  package indirect enum Content: Hashable, Sendable {
    case tcp(from: UInt16, to: UInt16, TCPSegment)
    /// Any other protocol with ports: UDP, SCTP, DCCP, UDP-Lite.
    case ports(TransportProtocol, from: UInt16, to: UInt16)
    /// ICMP or ICMPv6, by the family of the addresses; the identifier tells echos apart, and is 0
    /// where there is none.
    case icmp(type: UInt8, code: UInt8, identifier: UInt16)
    /// An ICMP or ICMPv6 error about `packet`, which is as whoever complains got it.
    case icmpError(type: UInt8, code: UInt8, about: Packet)
    /// Neighbor discovery about an address (RFC 4861, 4.3 and 4.4).
    case neighbor(type: UInt8, target: IPAddress)
    /// A protocol without ports.
    case other(TransportProtocol)
    /// ARP, with the sender's hardware address as the message has it.
    case arp(senderMAC: MACAddress?)
  }

  /// What a TCP segment is in its connection.
  package enum TCPSegment: Hashable, Sendable {
    /// SYN alone: the first of a connection.
    case opening
    /// SYN and ACK.
    case answering
    /// ACK: anything after the handshake.
    case later
    /// RST.
    case reset
  }
}

extension Packet {
  /// The protocol that IP carries; `nil` of ARP.
  package var transport: TransportProtocol? {
    switch content {
    case .tcp: .tcp
    case .ports(let transport, _, _), .other(let transport): transport
    case .icmp, .icmpError, .neighbor: family == .ipv4 ? .icmp : .icmpv6
    case .arp: nil
    }
  }

  /// The port of the sender; `nil` where the protocol has no ports.
  package var sourcePort: UInt16? {
    switch content {
    case .tcp(let port, _, _), .ports(_, let port, _): port
    case .icmp, .icmpError, .neighbor, .other, .arp: nil
    }
  }

  /// The port that it is for; `nil` where the protocol has no ports.
  package var destinationPort: UInt16? {
    switch content {
    case .tcp(_, let port, _), .ports(_, _, let port): port
    case .icmp, .icmpError, .neighbor, .other, .arp: nil
    }
  }

  /// The packet with other addresses and, where it has ports and they are given, other ports.
  package func readdressed(
    from source: IPAddress? = nil, fromPort sourcePort: UInt16? = nil,
    to destination: IPAddress? = nil,
    toPort destinationPort: UInt16? = nil
  ) -> Packet {
    var result = self
    result.source = source ?? self.source
    result.destination = destination ?? self.destination
    switch content {
    case .tcp(let from, let to, let segment):
      result.content = .tcp(from: sourcePort ?? from, to: destinationPort ?? to, segment)
    case .ports(let transport, let from, let to):
      result.content = .ports(transport, from: sourcePort ?? from, to: destinationPort ?? to)
    case .icmp, .icmpError, .neighbor, .other, .arp: break
    }
    return result
  }
}

extension Packet {
  /// The first packet of a connection of `transport`: SYN for TCP, an echo request for ICMP.
  ///
  /// Ports are left out where the protocol has none; of an echo the source port is the identifier.
  package static func first(
    _ transport: TransportProtocol, from source: IPAddress, port sourcePort: UInt16,
    to destination: IPAddress, port: UInt16
  ) -> Packet {
    let content: Content =
      switch transport {
      case .tcp: .tcp(from: sourcePort, to: port, .opening)
      case .icmp: .icmp(type: ICMPType.echoRequest(.ipv4), code: 0, identifier: sourcePort)
      case .icmpv6: .icmp(type: ICMPType.echoRequest(.ipv6), code: 0, identifier: sourcePort)
      default:
        transport.hasPorts
          ? .ports(transport, from: sourcePort, to: port) : .other(transport)
      }
    return Packet(from: source, to: destination, content)
  }

  /// The same from a port that nothing else is about.
  package static func first(
    _ transport: TransportProtocol, from source: IPAddress, to destination: IPAddress,
    port: UInt16
  ) -> Packet {
    first(transport, from: source, port: 40_000, to: destination, port: port)
  }
}
