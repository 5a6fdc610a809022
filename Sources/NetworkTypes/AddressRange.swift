/// An inclusive, non-empty range of addresses of one family.
package struct AddressRange: Hashable, Sendable, Comparable {
  package let family: AddressFamily
  /// The first address, in host byte order.
  package let lowerBits: UInt128
  /// The last address, in host byte order.
  package let upperBits: UInt128

  /// - Requires: `lowerBits <= upperBits`, both within the family's width.
  package init(family: AddressFamily, lowerBits: UInt128, upperBits: UInt128) {
    precondition(lowerBits <= upperBits, "an address range is never empty")
    self.family = family
    self.lowerBits = lowerBits
    self.upperBits = upperBits
  }

  /// The range from `first` to `last`; `nil` where the families differ or the order is reversed.
  package init?(_ first: IPAddress, _ last: IPAddress) {
    guard first.family == last.family, first.bits <= last.bits else { return nil }
    self.init(family: first.family, lowerBits: first.bits, upperBits: last.bits)
  }

  /// The range of exactly `address`.
  package init(_ address: IPAddress) {
    self.init(family: address.family, lowerBits: address.bits, upperBits: address.bits)
  }

  /// All addresses of `prefix`.
  package init(_ prefix: AddressPrefix) {
    self.init(
      family: prefix.family, lowerBits: prefix.address.bits, upperBits: prefix.last.bits)
  }

  /// Every address of `family`.
  package static func all(_ family: AddressFamily) -> AddressRange {
    AddressRange(AddressPrefix(masking: IPAddress(family: family, bits: 0), length: 0))
  }

  /// The lowest address.
  package var first: IPAddress { IPAddress(family: family, bits: lowerBits) }
  /// The highest address.
  package var last: IPAddress { IPAddress(family: family, bits: upperBits) }

  /// Whether `address` lies in the range; never for another family.
  package func contains(_ address: IPAddress) -> Bool {
    address.family == family && address.bits >= lowerBits && address.bits <= upperBits
  }

  /// Whether all of `other` lies in the range; never for another family.
  package func contains(_ other: AddressRange) -> Bool {
    other.family == family && other.lowerBits >= lowerBits && other.upperBits <= upperBits
  }

  /// Whether the two share an address.
  package func overlaps(_ other: AddressRange) -> Bool {
    other.family == family && other.lowerBits <= upperBits && other.upperBits >= lowerBits
  }

  /// The one prefix that is exactly this range, if there is one.
  package var prefix: AddressPrefix? {
    let size = upperBits &- lowerBits
    let hostBits = size == 0 ? 0 : 128 - size.leadingZeroBitCount
    let mask: UInt128 = hostBits == 128 ? .max : (1 << UInt128(hostBits)) - 1
    guard size == mask, lowerBits & mask == 0 else { return nil }
    return AddressPrefix(masking: first, length: family.width - hostBits)
  }

  /// The fewest prefixes that together are exactly this range, in ascending order.
  package var prefixes: [AddressPrefix] {
    var result: [AddressPrefix] = []
    var low = lowerBits
    while true {
      var hostBits = low == 0 ? family.width : min(low.trailingZeroBitCount, family.width)
      while hostBits > 0 {
        let span: UInt128 = hostBits == 128 ? .max : (1 << UInt128(hostBits)) - 1
        if upperBits - low >= span { break }
        hostBits -= 1
      }
      let address = IPAddress(family: family, bits: low)
      let prefix = AddressPrefix(masking: address, length: family.width - hostBits)
      result.append(prefix)
      let last = prefix.last.bits
      if last >= upperBits { return result }
      low = last + 1
    }
  }

  /// Orders by family, then first address, then last address.
  package static func < (left: Self, right: Self) -> Bool {
    (left.family, left.lowerBits, left.upperBits) < (right.family, right.lowerBits, right.upperBits)
  }
}

extension AddressRange: CustomStringConvertible {
  /// The address, the prefix, or `first-last`, whichever is exact and shortest.
  package var description: String {
    if lowerBits == upperBits { return first.description }
    if let prefix { return prefix.description }
    return "\(first)-\(last)"
  }
}
