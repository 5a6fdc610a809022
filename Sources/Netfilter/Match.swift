package import NetworkTypes

/// One condition on a packet.
package enum Match: Hashable, Sendable {
  /// The packet is IPv4 or IPv6 (in a bridge table: by its EtherType).
  case family(AddressFamily)
  case inputInterface(InterfaceMatch)
  case outputInterface(InterfaceMatch)
  /// The bridge that a frame came in by; needs ``Capability/bridgeMeta``.
  case inputBridge(InterfaceName)
  /// The bridge that a frame goes out by; needs ``Capability/bridgeMeta``.
  case outputBridge(InterfaceName)
  case source(AddressMatch)
  case destination(AddressMatch)
  /// The address is (`true`) or is not one of the host's own.
  case sourceIsLocal(Bool)
  case destinationIsLocal(Bool)
  case transport(TransportProtocol)
  /// Ports of the protocol that a `transport` match before it names; never empty, sorted.
  case sourcePort([PortRange])
  case destinationPort([PortRange])
  /// A type, and a code where one is given, of the ICMP of `family`.
  case icmp(AddressFamily, type: UInt8, code: UInt8?)
  /// Any of the states.
  case connectionState(Set<ConnectionState>)
  /// The connection's destination is (`true`) or is not rewritten.
  case destinationTranslated(Bool)
  /// The packet goes the way of its connection's first packet.
  case originalDirection
  case mark(PacketMark)
  /// At most so many packets in so much time; what is beyond does not match.
  case limit(Limit)
  /// More than `count` connections at the same time, from this source or in all.
  case connectionsOver(count: UInt32, perSource: Bool, meter: String)
  case sourceMAC(MACAddress, negated: Bool)
  case etherType(EtherType)
  /// ARP: the sender's protocol address.
  case arpSenderAddress(AddressMatch)
  /// ARP: the sender's hardware address.
  case arpSenderMAC(MACAddress, negated: Bool)
  /// ARP: the target's protocol address, which a request asks for.
  case arpTargetAddress(AddressMatch)
  /// Neighbor discovery: the target address of a solicitation or advertisement (RFC 4861).
  case neighborTarget(AddressMatch)
  /// TCP: the first packet of a connection (SYN without ACK, RST and FIN).
  case connectionAttempt(Bool)
  /// The flow was remembered by ``Action/remember(_:set:)``, as seen from a packet of this side.
  case remembered(FlowKey, set: String, FlowSide)
}

/// A condition on the interface of a packet.
package enum InterfaceMatch: Hashable, Sendable {
  case equals(InterfaceName)
  case differs(InterfaceName)
  /// In the named set of interfaces.
  case isIn(String)
  case isNotIn(String)
}

/// A condition on an address.
package struct AddressMatch: Hashable, Sendable {
  /// The addresses to compare with.
  package enum Operand: Hashable, Sendable {
    /// One range; printers write it as address, prefix or range.
    case range(AddressRange)
    /// The named set of addresses of one family.
    case set(String, AddressFamily)
  }

  package let operand: Operand
  package let negated: Bool

  package init(_ operand: Operand, negated: Bool = false) {
    self.operand = operand
    self.negated = negated
  }

  package init(_ address: IPAddress, negated: Bool = false) {
    self.init(.range(AddressRange(address)), negated: negated)
  }

  package init(_ prefix: AddressPrefix, negated: Bool = false) {
    self.init(.range(AddressRange(prefix)), negated: negated)
  }

  package var family: AddressFamily {
    switch operand {
    case .range(let range): range.family
    case .set(_, let family): family
    }
  }
}

/// Conntrack's states (linux/netfilter/nf_conntrack_common.h).
package enum ConnectionState: String, CaseIterable, Hashable, Sendable, Comparable {
  case invalid, established, related, new, untracked

  /// Orders as declared.
  package static func < (left: Self, right: Self) -> Bool {
    let order = Self.allCases
    return order.firstIndex(of: left)! < order.firstIndex(of: right)!
  }
}

/// A rate: `count` a `unit`, `burst` at once.
package struct Limit: Hashable, Sendable {
  /// The time that `count` is for.
  package enum Unit: String, CaseIterable, Hashable, Sendable {
    case second, minute, hour, day
  }

  package let count: UInt32
  package let unit: Unit
  package let burst: UInt32
  /// The name of the meter that counts each source by itself; `nil` for one count over all.
  package let perSourceMeter: String?

  package init(count: UInt32, unit: Unit, burst: UInt32, perSourceMeter: String?) {
    self.count = count
    self.unit = unit
    self.burst = burst
    self.perSourceMeter = perSourceMeter
  }
}

/// The EtherTypes that are told apart here (IEEE 802 numbers).
package enum EtherType: UInt16, CaseIterable, Hashable, Sendable {
  case ipv4 = 0x0800
  case arp = 0x0806
  case ipv6 = 0x86DD
}

/// Which way the packets of a remembered flow go.
package enum FlowSide: String, CaseIterable, Hashable, Sendable {
  /// The way of the packet that was remembered.
  case opening
  /// The other way.
  case answering
}

/// What identifies a flow that a bridge table remembers without conntrack.
package enum FlowKey: Hashable, Sendable {
  /// Both addresses and ports of the protocol.
  case ports(AddressFamily, TransportProtocol)
  /// Both addresses; for echo requests and replies.
  case echo(AddressFamily)
  /// Both addresses and the protocol.
  case addresses(AddressFamily)
}
