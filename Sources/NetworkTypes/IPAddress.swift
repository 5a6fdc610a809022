/// An address of either family.
package enum IPAddress: Hashable, Sendable, Comparable {
  case ipv4(IPv4Address)
  case ipv6(IPv6Address)

  /// Reads an IPv4 or IPv6 address.
  package init?(_ text: String) {
    if let address = IPv4Address(text) {
      self = .ipv4(address)
    } else if let address = IPv6Address(text) {
      self = .ipv6(address)
    } else {
      return nil
    }
  }

  /// The address of `family` whose value is `bits` (host byte order, low bits for IPv4).
  package init(family: AddressFamily, bits: UInt128) {
    switch family {
    case .ipv4: self = .ipv4(IPv4Address(bits: UInt32(truncatingIfNeeded: bits)))
    case .ipv6: self = .ipv6(IPv6Address(bits: bits))
    }
  }

  package var family: AddressFamily {
    switch self {
    case .ipv4: .ipv4
    case .ipv6: .ipv6
    }
  }

  /// The numeric value in host byte order.
  package var bits: UInt128 {
    switch self {
    case .ipv4(let address): UInt128(address.bits)
    case .ipv6(let address): address.bits
    }
  }

  /// Whether this is the family's "any" address: `0.0.0.0` or `::`.
  package var isUnspecified: Bool { bits == 0 }

  /// Whether this is in `127.0.0.0/8` (RFC 1122) or is `::1` (RFC 4291).
  package var isLoopback: Bool {
    switch self {
    case .ipv4(let address): address.bits >> 24 == 127
    case .ipv6(let address): address.bits == 1
    }
  }

  /// Whether this is in `224.0.0.0/4` (RFC 5771) or `ff00::/8` (RFC 4291).
  package var isMulticast: Bool {
    switch self {
    case .ipv4(let address): address.bits >> 28 == 0xE
    case .ipv6(let address): address.bits >> 120 == 0xFF
    }
  }

  /// Whether this is in `169.254.0.0/16` (RFC 3927) or `fe80::/10` (RFC 4291).
  package var isLinkLocal: Bool {
    switch self {
    case .ipv4(let address): address.bits >> 16 == 0xA9FE
    case .ipv6(let address): address.bits >> 118 == 0xFE80 >> 6
    }
  }

  /// Orders by family, then by value.
  package static func < (left: Self, right: Self) -> Bool {
    left.family == right.family ? left.bits < right.bits : left.family < right.family
  }
}

extension IPAddress: CustomStringConvertible {
  package var description: String {
    switch self {
    case .ipv4(let address): address.description
    case .ipv6(let address): address.description
    }
  }
}
