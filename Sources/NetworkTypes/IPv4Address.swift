/// An IPv4 address.
package struct IPv4Address: Hashable, Sendable, Comparable {
  /// The address in host byte order: `192.0.2.1` is `0xC000_0201`.
  package var bits: UInt32

  package init(bits: UInt32) { self.bits = bits }

  /// Reads strict dotted-quad text; `nil` where an octet is missing, over 255 or has a leading zero.
  package init?(_ text: borrowing Span<UInt8>) {
    var bits: UInt32 = 0
    var octet: UInt32 = 0
    var digits = 0
    var dots = 0
    for index in text.indices {
      let byte = text[index]
      if byte == UInt8(ascii: ".") {
        guard digits > 0, dots < 3 else { return nil }
        bits = bits << 8 | octet
        octet = 0
        digits = 0
        dots += 1
        continue
      }
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      if digits > 0, octet == 0 { return nil }
      octet = octet * 10 + UInt32(byte - UInt8(ascii: "0"))
      digits += 1
      guard octet <= 255 else { return nil }
    }
    guard dots == 3, digits > 0 else { return nil }
    self.bits = bits << 8 | octet
  }

  /// Reads strict dotted-quad text.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    self.init(bytes.span)
  }

  package static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}

extension IPv4Address: CustomStringConvertible {
  /// Dotted-quad text.
  package var description: String {
    "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
  }
}
