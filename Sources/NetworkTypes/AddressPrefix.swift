/// An address block: an address whose host bits are zero, and a length in bits.
package struct AddressPrefix: Hashable, Sendable, Comparable {
  /// The first address of the block.
  package let address: IPAddress
  /// The number of leading bits that are fixed: 0...32 or 0...128.
  package let length: Int

  /// The block of `length` bits around `address`; host bits are cleared.
  ///
  /// - Requires: `length` is within the family's width.
  package init(masking address: IPAddress, length: Int) {
    precondition(length >= 0 && length <= address.family.width, "a prefix fits its family")
    self.length = length
    self.address = IPAddress(
      family: address.family,
      bits: address.bits & ~Self.hostMask(family: address.family, length: length))
  }

  /// Reads `address/length`, or an address as its own block; `nil` on any error, host bits are
  /// cleared. The length is decimal, without sign or leading zeros.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(String(parts[0])) else { return nil }
    guard parts.count == 2 else {
      self.init(masking: address, length: address.family.width)
      return
    }
    guard let length = Self.length(parts[1]), length <= address.family.width else { return nil }
    self.init(masking: address, length: length)
  }

  private static func length(_ text: Substring) -> Int? {
    let digits = text.utf8
    guard (1...3).contains(digits.count), digits.count == 1 || text.first != "0" else { return nil }
    var value = 0
    for byte in digits {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
  }

  package var family: AddressFamily { address.family }

  /// The last address of the block (the broadcast address of an IPv4 subnet).
  package var last: IPAddress {
    IPAddress(
      family: family, bits: address.bits | Self.hostMask(family: family, length: length))
  }

  /// Whether `other` lies in the block; never for another family.
  package func contains(_ other: IPAddress) -> Bool { AddressRange(self).contains(other) }

  /// Whether all of `other` lies in the block; never for another family.
  package func contains(_ other: AddressPrefix) -> Bool {
    other.family == family && other.length >= length && contains(other.address)
  }

  private static func hostMask(family: AddressFamily, length: Int) -> UInt128 {
    let hostBits = family.width - length
    return hostBits == 128 ? .max : (1 << UInt128(hostBits)) - 1
  }

  /// Orders by family, then address, then length.
  package static func < (left: Self, right: Self) -> Bool {
    left.address == right.address ? left.length < right.length : left.address < right.address
  }
}

extension AddressPrefix: CustomStringConvertible {
  package var description: String { "\(address)/\(length)" }
}
