package import NetworkTypes

/// One effect of a rule.
package enum Action: Hashable, Sendable {
  case counter
  /// At most 127 bytes of prefix, printable ASCII.
  case log(prefix: String)
  case setMark(PacketMark)
  case verdict(Verdict)
  case reject(Rejection)
  /// Looks the packet's key up in a verdict map; goes on with the next rule where nothing is found.
  case dispatch([KeyField], map: String)
  case destinationNAT(DestinationNAT)
  case sourceNAT(SourceNAT)
  case masquerade(ports: PortRange?, SourcePortOrder)
  /// Lowers the segment size of a TCP handshake; `nil` for what the path's MTU allows.
  case clampMSS(UInt16?)
  /// Makes the UDP checksum valid for readers that see packets before offloading would.
  case fixChecksum
  /// Remembers the flow, so that `Match.remembered` finds its packets.
  case remember(FlowKey, set: String)
  /// Adds the interface that the packet goes out by to the set.
  case learnOutputInterface(set: String)
}

/// How a refusal is answered.
package enum Rejection: Hashable, Sendable {
  /// ICMP or ICMPv6 "administratively prohibited".
  case prohibited
  case tcpReset
}

/// Where a destination is rewritten to.
package enum DestinationNAT: Hashable, Sendable {
  /// A fixed address; the port stays.
  case address(IPAddress)
  /// The address and port that the map holds for the packet's key; no rewrite where it has none.
  case map(String)
}

/// What a source is rewritten to.
package struct SourceNAT: Hashable, Sendable {
  package let addresses: AddressRange
  package let ports: PortRange?
  package let order: SourcePortOrder

  package init(addresses: AddressRange, ports: PortRange?, order: SourcePortOrder) {
    self.addresses = addresses
    self.ports = ports
    self.order = order
  }
}

/// How a source port is picked (`NF_NAT_RANGE_PROTO_RANDOM`, `NF_NAT_RANGE_PROTO_RANDOM_FULLY`).
package enum SourcePortOrder: Hashable, Sendable {
  case kernel, random, fullyRandom
}

/// One component of a lookup key.
package enum KeyField: Hashable, Sendable {
  case inputInterface
  case outputInterface
  case sourceAddress(AddressFamily)
  case destinationAddress(AddressFamily)
  case transport
  case destinationPort
}
