import NetworkTypes
import Syntax

/// Why address text is no address.
enum AddressProblem: Error {
  case octetTooLarge
  case leadingZero
  case octetCount
  case malformedIPv6
  case prefixLength(maximum: Int)
  case reversedRange
  case mixedFamilies
  case malformedMAC
  /// A MAC where an IP address is needed.
  case hardwareAddress
}

/// Reads the text of addresses, prefixes and ranges.
enum AddressReader {
  /// Reads any form but a MAC; `hasHostBits` tells of a prefix that its address is not the start of.
  static func read(
    _ syntax: AddressSyntax
  ) throws(AddressProblem) -> (range: AddressRange, hasHostBits: Bool) {
    switch syntax.form {
    case .ipv4Address:
      guard let address = IPv4Address(syntax.text.utf8.span) else {
        throw ipv4Problem(syntax.text)
      }
      return (AddressRange(.ipv4(address)), false)
    case .ipv6Address: return (AddressRange(try address(syntax.text[...])), false)
    case .ipv4Prefix, .ipv6Prefix:
      let (prefix, hasHostBits) = try prefix(syntax.text)
      return (AddressRange(prefix), hasHostBits)
    case .ipv4Range, .ipv6Range: return (try range(syntax.text), false)
    case .mac: throw .hardwareAddress
    }
  }

  static func address(_ text: Substring) throws(AddressProblem) -> IPAddress {
    if text.utf8.contains(UInt8(ascii: ":")) {
      guard let address = IPv6Address(text.utf8.span) else { throw .malformedIPv6 }
      return .ipv6(address)
    }
    guard let address = IPv4Address(text.utf8.span) else { throw ipv4Problem(String(text)) }
    return .ipv4(address)
  }

  static func prefix(_ text: String) throws(AddressProblem) -> (AddressPrefix, Bool) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let address = try address(parts[0])
    guard parts.count == 2 else {
      return (AddressPrefix(masking: address, length: address.family.width), false)
    }
    guard let length = decimal(parts[1]), length <= address.family.width else {
      throw .prefixLength(maximum: address.family.width)
    }
    let prefix = AddressPrefix(masking: address, length: length)
    return (prefix, prefix.address != address)
  }

  private static func range(_ text: String) throws(AddressProblem) -> AddressRange {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let first = try address(parts[0])
    let last = try address(parts.count == 2 ? parts[1] : parts[0])
    guard first.family == last.family else { throw .mixedFamilies }
    guard let range = AddressRange(first, last) else { throw .reversedRange }
    return range
  }

  static func mac(_ syntax: AddressSyntax) throws(AddressProblem) -> MACAddress {
    guard syntax.form == .mac, let mac = MACAddress(syntax.text), !mac.isMulticast, mac.bits != 0
    else { throw .malformedMAC }
    return mac
  }

  private static func ipv4Problem(_ text: String) -> AddressProblem {
    let octets = text.split(separator: ".", omittingEmptySubsequences: false)
    guard octets.count == 4 else { return .octetCount }
    for octet in octets where (decimal(octet) ?? 256) > 255 { return .octetTooLarge }
    return .leadingZero
  }

  /// The value of up to nine decimal digits.
  private static func decimal(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.count < 10 else { return nil }
    var value = 0
    for byte in text.utf8 {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
  }
}
