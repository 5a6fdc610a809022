/// An EUI-48 hardware address.
package struct MACAddress: Hashable, Sendable, Comparable {
  /// The address in its low 48 bits; the first octet on the wire is the most significant.
  package let bits: UInt64

  /// The address whose low 48 bits are those of `bits`; higher bits are cleared.
  package init(bits: UInt64) { self.bits = bits & 0xFFFF_FFFF_FFFF }

  /// Reads six two-digit hexadecimal octets with colons between them.
  package init?(_ text: String) {
    let bytes = text.utf8
    guard bytes.count == 17 else { return nil }
    var bits: UInt64 = 0
    for (position, byte) in bytes.enumerated() {
      if position % 3 == 2 {
        guard byte == UInt8(ascii: ":") else { return nil }
      } else {
        guard let digit = hexadecimalValue(byte) else { return nil }
        bits = bits << 4 | UInt64(digit)
      }
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
