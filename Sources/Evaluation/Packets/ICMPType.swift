package import NetworkTypes

/// The ICMP types that conntrack and the host tell apart (RFC 792, RFC 4443, RFC 4861).
package enum ICMPType {
  /// The type of an echo request.
  package static func echoRequest(_ family: AddressFamily) -> UInt8 { family == .ipv4 ? 8 : 128 }

  /// The type of an echo reply.
  package static func echoReply(_ family: AddressFamily) -> UInt8 { family == .ipv4 ? 0 : 129 }

  /// The type of "destination unreachable".
  package static func unreachable(_ family: AddressFamily) -> UInt8 { family == .ipv4 ? 3 : 1 }

  /// The code of "destination unreachable" for a port that nobody listens on.
  package static func portUnreachable(_ family: AddressFamily) -> UInt8 {
    family == .ipv4 ? 3 : 4
  }

  /// The code of "destination unreachable" for what a filter forbids.
  package static func prohibited(_ family: AddressFamily) -> UInt8 { family == .ipv4 ? 13 : 1 }

  /// Who has the address? (IPv6)
  package static let neighborSolicitation: UInt8 = 135
  /// I have the address. (IPv6)
  package static let neighborAdvertisement: UInt8 = 136
}
