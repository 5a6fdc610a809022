package import NetworkTypes

/// One packet or connection that a station tries.
package struct Probe: Hashable, Sendable {
  /// What is tried.
  package enum Kind: Hashable, Sendable {
    /// A TCP connection that carries a byte each way.
    case tcp(UInt16)
    /// A UDP packet and its echo.
    case udp(UInt16)
    /// The first packet of an SCTP association, and the answer.
    case sctp(UInt16)
    /// An ICMP echo request and its reply.
    case echo
    /// A UDP packet as a DHCP server sends it, for its checksum.
    case dhcpReply
    /// A frame written by hand.
    case forged(Forgery)
  }

  /// What is odd about a forged frame.
  package struct Oddities: Hashable, Sendable {
    /// The source hardware address; `nil` for the sender's own.
    package var hardwareSource: [UInt8]?
    /// Whether it goes to the host's hardware address, whoever has the destination address.
    package var isRouted = false
    /// Whether it has a VLAN tag that names no VLAN (IEEE 802.1Q, VID 0): receivers ignore that.
    package var isTagged = false

    package init() {}
  }

  /// Frames written by hand: nobody waits for an answer.
  package enum Forgery: Hashable, Sendable {
    case syn(UInt16)
    /// The answer to a connection that nobody opened.
    case synAck(UInt16)
    case udp(UInt16)
    case echoRequest
    /// The answer to an echo that nobody asked for.
    case echoReply
    /// An ARP announcement or neighbour advertisement that the destination address is the sender's.
    case claim
    /// A neighbor solicitation (RFC 4861, 4.3); IPv6 only.
    case solicitation
    /// A router advertisement (RFC 4861, 4.2) that offers nothing; IPv6 only.
    case routerAdvertisement
  }

  package let sender: Station
  package let destination: IPAddress
  package let kind: Kind
  /// The source address; `nil` for what the kernel chooses, or the sender's own in a forged frame.
  package let source: IPAddress?
  /// The source port; `nil` for one that no other probe has.
  package let sourcePort: UInt16?
  package let oddities: Oddities
  /// Whether a TCP connection stays open after the round, until all are released.
  package let isHeld: Bool

  package init(
    from sender: Station, to destination: IPAddress, _ kind: Kind, source: IPAddress? = nil,
    sourcePort: UInt16? = nil, oddities: Oddities = Oddities(), isHeld: Bool = false
  ) {
    self.sender = sender
    self.destination = destination
    self.kind = kind
    self.source = source
    self.sourcePort = sourcePort
    self.oddities = oddities
    self.isHeld = isHeld
  }

  package var family: AddressFamily { destination.family }

  /// Whether receivers that believe the frame talk to the wrong machine afterwards.
  package var poisonsNeighbors: Bool {
    if case .forged(.claim) = kind { return true }
    return oddities.hardwareSource != nil
  }
}

/// What became of a probe.
package struct Observation: Hashable, Sendable {
  /// The probe as its receiver saw it.
  package struct Delivery: Hashable, Sendable {
    package let station: Station
    package let source: IPAddress
    /// `nil` for protocols without ports.
    package let sourcePort: UInt16?
    /// The port that it arrived at; `nil` for protocols without ports.
    package let port: UInt16?
  }

  /// Everybody whom it reached, in the order of arrival.
  package internal(set) var deliveries: [Delivery] = []
  /// Whether the sender got the answer.
  package internal(set) var isAnswered = false
  /// The `errno` of a refusal that came back.
  package internal(set) var refusal: Int32?
  /// Whether a UDP checksum was right on arrival, where the probe asks for it.
  package internal(set) var hasValidChecksum: Bool?
  /// The largest segments that the two ends of a TCP connection have heard that the other takes.
  package internal(set) var segmentSizes: Set<UInt16> = []

  /// Whether nothing more can be expected to happen.
  var isSettled: Bool { isAnswered || refusal != nil }
}
