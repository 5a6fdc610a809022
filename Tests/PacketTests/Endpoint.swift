import NetworkTypes
import TestSupport

/// A place that a line of expectations names: an address in each family, or in one.
struct Endpoint {
  /// Who has the address; `nil` for an address that is nobody's.
  let owner: Station?
  private let addresses: [AddressFamily: IPAddress]

  /// Reads a station, the name of a further address such as `host.second`, `gw.SEGMENT`, `lo`,
  /// `everybody`, `mdns`, `group`, `broadcast`, `broadcast.SEGMENT` or an address.
  init?(_ word: String, in plan: TopologyPlan) {
    if let station = plan.station(named: word) {
      self.init(station, AddressFamily.allCases.compactMap(station.address))
    } else if let alias = plan.aliases.first(where: { $0.name == word }) {
      self.init(plan.station(named: alias.owner), alias.addresses)
    } else if let address = IPAddress(word) {
      self.init(plan.owner(of: address), [address])
    } else if let segment = Self.segment(word, after: "gw.", in: plan) {
      self.init(plan.host, AddressFamily.allCases.compactMap(segment.gateway))
    } else if let segment = Self.segment(word, after: "broadcast.", in: plan) {
      self.init(nil, [segment.prefix(.ipv4)?.last].compactMap(\.self))
    } else {
      self.init(special: word, in: plan)
    }
  }

  private init?(special word: String, in plan: TopologyPlan) {
    switch word {
    case "lo": self.init(plan.host, AddressPair(("127.0.0.1", "::1")).both)
    case "everybody": self.init(nil, AddressPair(("224.0.0.1", "ff02::1")).both)
    case "mdns": self.init(nil, MulticastGroup.neighbors.both)
    case "group": self.init(nil, MulticastGroup.everywhere.both)
    case "broadcast": self.init(nil, [IPAddress(family: .ipv4, bits: 0xFFFF_FFFF)])
    default: return nil
    }
  }

  private init(_ owner: Station?, _ addresses: [IPAddress]) {
    self.owner = owner
    self.addresses = Dictionary(uniqueKeysWithValues: addresses.map { ($0.family, $0) })
  }

  private static func segment(
    _ word: String, after prefix: String, in plan: TopologyPlan
  ) -> Segment? {
    guard word.hasPrefix(prefix) else { return nil }
    return plan.segment(named: String(word.dropFirst(prefix.count)))
  }

  /// The address in `family`; `nil` where the endpoint has none there.
  subscript(family: AddressFamily) -> IPAddress? { addresses[family] }
}

extension TopologyPlan {
  fileprivate func owner(of address: IPAddress) -> Station? {
    if isHosts(address) { return host }
    return others.first { station in
      station.address(address.family) == address || station.extraAddresses.contains(address)
    }
  }

  /// What the host's kernel takes as the source when it talks to an address of its own: the first
  /// address of the prefix in IPv4, the address itself in IPv6.
  func sourceForOwn(_ address: IPAddress) -> IPAddress {
    guard address.family == .ipv4 else { return address }
    if address.isLoopback { return IPAddress(family: .ipv4, bits: 0x7F00_0001) }
    let isSecond = host.extraAddresses.contains(address)
    let first = isSecond ? uplink.hostAddresses.first { $0.prefix.contains(address) } : nil
    return first?.address ?? address
  }
}
