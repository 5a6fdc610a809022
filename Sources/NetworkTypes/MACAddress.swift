/// An EUI-48 hardware address.
package struct MACAddress: Hashable, Sendable, Comparable {
  /// The address in its low 48 bits; the first octet on the wire is the most significant.
  package let bits: UInt64

  /// Reads six two-digit hexadecimal octets with colons between them.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 6 else { return nil }
    var bits: UInt64 = 0
    for part in parts {
      guard part.utf8.count == 2, part.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }),
        let octet = UInt8(part, radix: 16)
      else { return nil }
      bits = bits << 8 | UInt64(octet)
    }
    self.bits = bits
  }

  /// Whether the group bit is set: such an address is never a source (IEEE 802).
  package var isMulticast: Bool { bits >> 40 & 1 == 1 }

  package static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}

extension MACAddress: CustomStringConvertible {
  /// Lower-case octets with colons.
  package var description: String {
    (0..<6).map { index in
      let octet = bits >> UInt64(40 - 8 * index) & 255
      return (octet < 16 ? "0" : "") + String(octet, radix: 16)
    }.joined(separator: ":")
  }
}
