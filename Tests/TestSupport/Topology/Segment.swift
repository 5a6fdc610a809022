package import NetworkTypes

/// A link of the host that others hang on; which of them are networks is for a policy to say.
package enum Segment: String, CaseIterable, Hashable, Sendable {
  case front, back, side
  /// A bridge with addresses that the hosts on the uplink have a route to.
  case open
  /// A bridge that no policy declares.
  case plain
  /// A routed link without a bridge.
  case link
  /// The way to the world.
  case uplink

  /// The host's interface: the bridge, the routed link, or the uplink.
  package var interface: String {
    switch self {
    case .front, .back, .side, .open, .plain: "br-\(rawValue)"
    case .link: "link0"
    case .uplink: "eth0"
    }
  }

  package var isBridge: Bool {
    switch self {
    case .front, .back, .side, .open, .plain: true
    case .link, .uplink: false
    }
  }

  /// The host's own address in the segment.
  package func gateway(_ family: AddressFamily) -> IPAddress { AddressPair(addresses)[family] }

  /// The length of the segment's prefix, in bits.
  package func prefixLength(_ family: AddressFamily) -> Int {
    switch (family, self) {
    case (.ipv6, _): 64
    case (.ipv4, .front), (.ipv4, .back), (.ipv4, .side): 16
    case (.ipv4, .open), (.ipv4, .plain), (.ipv4, .link), (.ipv4, .uplink): 24
    }
  }

  package func prefix(_ family: AddressFamily) -> AddressPrefix {
    AddressPrefix(masking: gateway(family), length: prefixLength(family))
  }

  private var addresses: (String, String) {
    switch self {
    case .front: ("172.18.0.1", "fd00:18::1")
    case .back: ("172.19.0.1", "fd00:19::1")
    case .side: ("172.20.0.1", "fd00:20::1")
    case .open: ("10.7.0.1", "2001:db8:7::1")
    case .plain: ("172.29.0.1", "fd00:29::1")
    case .link: ("172.21.0.1", "fd00:21::1")
    case .uplink: ("198.51.100.1", "2001:db8:f::1")
    }
  }
}

/// One address of each family.
package struct AddressPair: Hashable, Sendable {
  package let ipv4: IPAddress
  package let ipv6: IPAddress

  /// - Requires: both texts are addresses of their families.
  package init(_ texts: (String, String)) {
    guard let ipv4 = IPv4Address(texts.0), let ipv6 = IPv6Address(texts.1) else {
      preconditionFailure("\(texts) are addresses")
    }
    self.ipv4 = .ipv4(ipv4)
    self.ipv6 = .ipv6(ipv6)
  }

  package subscript(family: AddressFamily) -> IPAddress {
    switch family {
    case .ipv4: ipv4
    case .ipv6: ipv6
    }
  }
}
