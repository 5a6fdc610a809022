import NetworkTypes

/// How the addresses of one family divide: the networks', the host's own, the world's, and those
/// that no connection between machines uses.
struct AddressZones {
  let family: AddressFamily
  /// The addresses of each network of the site, the host's own and broadcast ones left out.
  let members: [[Interval]]
  /// The addresses of all networks.
  let allMembers: [Interval]
  /// The host's own addresses that are known, loopback left out.
  let own: [Interval]
  /// Everything else.
  let notOwn: [Interval]
  let loopback: Interval
  /// What is neither the host's, nor a network's, nor special.
  let world: [Interval]
  /// The world, and what the host may own without having said so.
  let dialable: [Interval]

  /// - Parameter foreign: networks of other sites that are compared, which are not the world.
  init(_ site: Site, _ family: AddressFamily, foreign: [AddressRange]) {
    self.family = family
    let limit = AddressRange.all(family).upperBits
    loopback = Self.loopback(family)
    let loops = loopback
    let ownValues = site.ownAddresses.filter { $0.family == family }.map { Interval($0.bits) }
      .filter { $0.lower < loops.lower || $0.upper > loops.upper }.united
    own = ownValues
    let others = ownValues.complement(upTo: limit)
    notOwn = others
    members = site.networks.map { network in
      let broadcasts = Self.broadcasts(network.subnets, family).complement(upTo: limit)
      return Self.common(
        Self.common(Self.intervals(network.subnets, family), others), broadcasts)
    }
    allMembers = members.flatMap { $0 }.united
    let taken = Self.intervals(site.networks.flatMap(\.subnets) + foreign, family)
    let plain = (taken + Self.special(family)).united.complement(upTo: limit)
    world = Self.common(plain, others)
    dialable = (plain + ownValues).united
  }

  static func intervals(_ ranges: [AddressRange], _ family: AddressFamily) -> [Interval] {
    ranges.filter { $0.family == family }.map { Interval($0.lowerBits, $0.upperBits) }.united
  }

  static func common(_ left: [Interval], _ right: [Interval]) -> [Interval] {
    left.isEmpty || right.isEmpty ? [] : Conditions.intersection(left, right)
  }

  /// The broadcast addresses of subnets that are large enough to have one.
  private static func broadcasts(
    _ subnets: [AddressRange], _ family: AddressFamily
  ) -> [Interval] {
    guard family == .ipv4 else { return [] }
    return subnets.filter { $0.family == .ipv4 && $0.upperBits - $0.lowerBits > 2 }.map {
      Interval($0.upperBits)
    }.united
  }

  private static func loopback(_ family: AddressFamily) -> Interval {
    switch family {
    case .ipv4: Interval(0x7F00_0000, 0x7FFF_FFFF)
    case .ipv6: Interval(1)
    }
  }

  /// Unspecified, loopback, multicast, broadcast and reserved addresses (RFC 6890); of IPv6
  /// link-local ones too, which are never forwarded (RFC 4291).
  private static func special(_ family: AddressFamily) -> [Interval] {
    switch family {
    case .ipv4:
      return [Interval(0, 0x00FF_FFFF), loopback(family), Interval(0xE000_0000, 0xFFFF_FFFF)]
    case .ipv6:
      let linkLocal = UInt128(0xFE80) << 112
      return [
        Interval(0, 1), Interval(linkLocal, linkLocal | (UInt128(1) << 118 - 1)),
        Interval(UInt128(0xFF) << 120, .max),
      ]
    }
  }
}
