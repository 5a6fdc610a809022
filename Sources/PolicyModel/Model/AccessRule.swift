package import Diagnostics
package import NetworkTypes

/// One `allow`, `deny`, `reject`, `default` or `expect` line.
package struct AccessRule: Sendable {
  /// What becomes of the packets of the flow.
  package enum Verb: String, CaseIterable, Hashable, Sendable { case allow, deny, reject }

  package let verb: Verb
  package let sources: [Peer]
  package let destinations: [Peer]
  /// What is carried; empty for everything.
  package let services: [ServiceMatch]
  /// Sources that the line does not cover.
  package let sourceExceptions: [Peer]
  /// Destinations that the line does not cover.
  package let destinationExceptions: [Peer]
  package let clauses: FlowClauses
  package let span: SourceSpan

  package init(
    verb: Verb, sources: [Peer], destinations: [Peer], services: [ServiceMatch],
    sourceExceptions: [Peer], destinationExceptions: [Peer], clauses: FlowClauses,
    span: SourceSpan
  ) {
    self.verb = verb
    self.sources = sources
    self.destinations = destinations
    self.services = services
    self.sourceExceptions = sourceExceptions
    self.destinationExceptions = destinationExceptions
    self.clauses = clauses
    self.span = span
  }
}

/// One side of a flow, resolved.
package enum Peer: Hashable, Sendable {
  /// Everything in the network, by its index.
  case network(Int)
  /// One container or VM, by the index of its network and its own there.
  case guest(network: Int, guest: Int)
  /// Addresses of a list or of the line itself.
  case addresses(AddressSet)
  /// The host itself.
  case host
  /// Everything that is not host, network or container.
  case world
  case any
}

/// Protocols and ports of a flow.
package enum ServiceMatch: Hashable, Sendable {
  /// Any packet of the protocol.
  case transport(TransportProtocol)
  /// Destination ports of a protocol that has ports; never empty.
  case ports(TransportProtocol, [PortRange])
  /// ICMP of one family, of one type.
  case icmp(AddressFamily, ICMPType)
}

/// An ICMP or ICMPv6 type, and a code where one matters.
package struct ICMPType: Hashable, Sendable {
  package let type: UInt8
  package let code: UInt8?

  package init(type: UInt8, code: UInt8? = nil) {
    self.type = type
    self.code = code
  }
}
