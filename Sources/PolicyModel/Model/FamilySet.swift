import Diagnostics
package import NetworkTypes

/// A set of address families.
@usableFromInline
package struct FamilySet: OptionSet, Hashable, Sendable {
  @usableFromInline package let rawValue: UInt8

  package static let ipv4 = FamilySet(rawValue: 1)
  package static let ipv6 = FamilySet(rawValue: 2)
  package static let both: FamilySet = [.ipv4, .ipv6]

  @inlinable
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package init(_ family: AddressFamily) {
    switch family {
    case .ipv4: self = .ipv4
    case .ipv6: self = .ipv6
    }
  }

  init(_ guest: Guest) {
    var result: FamilySet = []
    for address in guest.addresses { result.insert(FamilySet(address.value.family)) }
    self = result
  }

  init(_ addresses: AddressSet) {
    var result: FamilySet = []
    if let first = addresses.ranges.first { result.insert(FamilySet(first.family)) }
    if let last = addresses.ranges.last { result.insert(FamilySet(last.family)) }
    self = result
  }

  /// The families in the order of ``AddressFamily``.
  package var families: [AddressFamily] {
    switch rawValue {
    case 1: [.ipv4]
    case 2: [.ipv6]
    case 3: [.ipv4, .ipv6]
    default: []
    }
  }

  /// Whether IPv4 is one of them.
  @inlinable package var hasIPv4: Bool { rawValue & 1 != 0 }

  /// Whether IPv6 is one of them.
  @inlinable package var hasIPv6: Bool { rawValue & 2 != 0 }

  /// Whether `family` is one of them.
  package func contains(_ family: AddressFamily) -> Bool { contains(FamilySet(family)) }
}
