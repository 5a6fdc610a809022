package import NetworkTypes

/// Who can send and receive: the host itself, its guests, and machines on the uplink.
package enum Station: String, CaseIterable, Hashable, Sendable {
  case host
  /// Machines on the uplink. `lan` routes to every guest by way of the host, `far` to none.
  case lan, far, office
  /// Guests of `front`; no policy names `stray`.
  case proxy, web, stray
  /// Guests of `back`; no policy names `cache`.
  case db, redis, cache
  /// Guests of `side`.
  case app, tool
  /// Guests of `open`.
  case site, mail
  /// The guest behind the routed link.
  case node
  /// Guests of the undeclared bridge.
  case plain, bare

  package var segment: Segment {
    switch self {
    case .host, .lan, .far, .office: .uplink
    case .proxy, .web, .stray: .front
    case .db, .redis, .cache: .back
    case .app, .tool: .side
    case .site, .mail: .open
    case .node: .link
    case .plain, .bare: .plain
    }
  }

  /// The station's own address; the host's is the one on the uplink.
  package func address(_ family: AddressFamily) -> IPAddress { AddressPair(addresses)[family] }

  private var addresses: (String, String) {
    switch self {
    case .host: ("198.51.100.1", "2001:db8:f::1")
    case .lan: ("198.51.100.2", "2001:db8:f::2")
    case .far: ("198.51.100.3", "2001:db8:f::3")
    case .office: ("203.0.113.9", "2001:db8:5::9")
    case .proxy: ("172.18.0.11", "fd00:18::11")
    case .web: ("172.18.0.10", "fd00:18::10")
    case .stray: ("172.18.0.77", "fd00:18::77")
    case .db: ("172.19.0.20", "fd00:19::20")
    case .redis: ("172.19.0.21", "fd00:19::21")
    case .cache: ("172.19.0.77", "fd00:19::77")
    case .app: ("172.20.0.10", "fd00:20::10")
    case .tool: ("172.20.0.11", "fd00:20::11")
    case .site: ("10.7.0.10", "2001:db8:7::10")
    case .mail: ("10.7.0.11", "2001:db8:7::11")
    case .node: ("172.21.0.10", "fd00:21::10")
    case .plain: ("172.29.0.10", "fd00:29::10")
    case .bare: ("172.29.0.11", "fd00:29::11")
    }
  }

  /// `02:42:` and the four octets of the IPv4 address.
  package var hardwareAddress: [UInt8] { Self.hardwareAddress(for: address(.ipv4)) }

  /// What every interface with the IPv4 address `address` has for its hardware address.
  static func hardwareAddress(for address: IPAddress) -> [UInt8] {
    [0x02, 0x42] + address.bytes
  }
}

/// Addresses of the topology beyond the stations' own.
package enum ExtraAddress {
  /// The host's second address on the uplink.
  package static let hostSecond = AddressPair(("198.51.100.5", "2001:db8:f::5"))
  /// A second address of `far`, where clouds have their metadata service.
  package static let metadata = AddressPair(("169.254.169.254", "2001:db8:a9fe::254"))
  /// A second address of `bare`, within the prefix of `front`: others may use it, too, where the
  /// host does not route.
  package static let elsewhere = AddressPair(("172.18.200.200", "fd00:18::200:200"))
}

extension IPAddress {
  /// The octets in the order of the wire: 4 or 16.
  package var bytes: [UInt8] {
    (0..<family.width / 8).reversed().map { UInt8(truncatingIfNeeded: bits >> UInt128(8 * $0)) }
  }

  /// The address of 4 or 16 octets in the order of the wire.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    let bits = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    self.init(family: bytes.count == 4 ? .ipv4 : .ipv6, bits: bits)
  }
}
