import Diagnostics
import NetworkTypes
import PolicyModel

/// Finds addresses for those whom a policy does not give any.
struct AddressChooser: Sendable {
  /// What lines speak of, and what is given away.
  private var taken: AddressSet

  /// Addresses for documentation (RFC 5737, RFC 3849): people know them for examples.
  private static let strangers = ranges(
    "198.51.100.0/24", "203.0.113.0/24", "192.0.2.0/24", "2001:db8:a::/48", "2001:db8::/32")
  private static let hosts = ranges(
    "192.0.2.0/24", "203.0.113.0/24", "198.51.100.0/24", "2001:db8:f::/48", "2001:db8::/32")

  private static func ranges(_ texts: String...) -> [AddressRange] {
    texts.compactMap { AddressPrefix($0).map { AddressRange($0) } }
  }

  /// What is no address of one machine out there (RFC 6890, RFC 5771, RFC 4291).
  static let special = AddressSet(
    ranges(
      "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/127", "fe80::/10",
      "ff00::/8", "::ffff:0:0/96"))

  init(_ policy: Policy, _ mentions: Mentions, _ own: Set<IPAddress>) {
    var ranges = mentions.addresses.flatMap(\.ranges)
    ranges += policy.networks.flatMap { network in
      network.subnets.map { AddressRange($0.value) }
    }
    ranges += own.map { AddressRange($0) } + Self.special.ranges
    taken = AddressSet(ranges)
  }

  /// An address for the host that no line speaks of; `nil` where lines speak of all.
  mutating func take(_ family: AddressFamily) -> IPAddress? {
    let free = AddressSet([.all(family)]).subtracting(taken)
    guard let address = Self.choose(from: free.ranges, Self.hosts) else { return nil }
    taken = taken.union(AddressSet([AddressRange(address)]))
    return address
  }

  /// One of the addresses of sorted ranges, an example's where there is one.
  static func stranger(from ranges: [AddressRange]) -> IPAddress? {
    choose(from: ranges, strangers)
  }

  private static func choose(
    from ranges: [AddressRange], _ examples: [AddressRange]
  ) -> IPAddress? {
    for example in examples {
      for range in ranges where range.overlaps(example) {
        let lower = max(range.lowerBits, example.lowerBits)
        let upper = min(range.upperBits, example.upperBits)
        return pick(AddressRange(family: range.family, lowerBits: lower, upperBits: upper))
      }
    }
    return ranges.first.map(pick)
  }

  /// Not the first address of a prefix, which often is nobody's.
  private static func pick(_ range: AddressRange) -> IPAddress {
    let size = range.upperBits - range.lowerBits
    let step: UInt128 = size >= 15 ? 7 : size >= 2 ? 1 : 0
    return IPAddress(family: range.family, bits: range.lowerBits + step)
  }
}
