/// An IP protocol number (IPv4 protocol or IPv6 next header; IANA protocol-numbers).
package struct TransportProtocol: Hashable, Sendable, Comparable {
  package let number: UInt8

  package init(number: UInt8) { self.number = number }

  package static let icmp = TransportProtocol(number: 1)
  package static let igmp = TransportProtocol(number: 2)
  package static let ipip = TransportProtocol(number: 4)
  package static let tcp = TransportProtocol(number: 6)
  package static let udp = TransportProtocol(number: 17)
  package static let dccp = TransportProtocol(number: 33)
  package static let gre = TransportProtocol(number: 47)
  package static let esp = TransportProtocol(number: 50)
  package static let ah = TransportProtocol(number: 51)
  package static let icmpv6 = TransportProtocol(number: 58)
  package static let ospf = TransportProtocol(number: 89)
  package static let vrrp = TransportProtocol(number: 112)
  package static let sctp = TransportProtocol(number: 132)
  package static let udplite = TransportProtocol(number: 136)

  /// The protocols that have a name here, by that name, in alphabetical order.
  package static let named: [(name: String, value: TransportProtocol)] = [
    ("ah", .ah), ("dccp", .dccp), ("esp", .esp), ("gre", .gre), ("icmp", .icmp),
    ("icmpv6", .icmpv6), ("igmp", .igmp), ("ipip", .ipip), ("ospf", .ospf), ("sctp", .sctp),
    ("tcp", .tcp), ("udp", .udp), ("udplite", .udplite), ("vrrp", .vrrp),
  ]

  /// The protocol of this name, in lower case.
  package init?(named name: String) {
    guard let entry = Self.named.first(where: { $0.name == name }) else { return nil }
    self = entry.value
  }

  /// Whether the first four bytes of the payload are source and destination port.
  package var hasPorts: Bool {
    switch self {
    case .tcp, .udp, .dccp, .sctp, .udplite: true
    default: false
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

extension TransportProtocol: CustomStringConvertible {
  /// The name, or the number where there is none.
  package var description: String {
    Self.named.first { $0.value == self }?.name ?? "\(number)"
  }
}
