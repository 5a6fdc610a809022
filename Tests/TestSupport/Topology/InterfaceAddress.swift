package import NetworkTypes

/// An address with the length of the prefix that its link has.
package struct InterfaceAddress: Hashable, Sendable {
  package let address: IPAddress
  /// In bits.
  package let length: Int

  package init(_ address: IPAddress, length: Int) {
    self.address = address
    self.length = length
  }

  /// An address alone, without neighbors.
  package init(alone address: IPAddress) {
    self.init(address, length: address.family.width)
  }

  /// Reads `ADDRESS/LENGTH`, or an address alone.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1)
    guard let address = IPAddress(String(parts[0])) else { return nil }
    guard parts.count == 2 else {
      self.init(alone: address)
      return
    }
    guard let length = Int(parts[1]), (0...address.family.width).contains(length) else {
      return nil
    }
    self.init(address, length: length)
  }

  package var family: AddressFamily { address.family }

  package var prefix: AddressPrefix { AddressPrefix(masking: address, length: length) }
}

extension InterfaceAddress: CustomStringConvertible {
  package var description: String { "\(address)/\(length)" }
}

/// One address of each family.
package struct AddressPair: Hashable, Sendable {
  package let ipv4: IPAddress
  package let ipv6: IPAddress

  /// - Requires: both texts are addresses of their families.
  package init(_ texts: (String, String)) {
    guard let ipv4 = IPv4Address(texts.0), let ipv6 = IPv6Address(texts.1) else {
      preconditionFailure("\(texts) are addresses")
    }
    self.ipv4 = .ipv4(ipv4)
    self.ipv6 = .ipv6(ipv6)
  }

  package subscript(family: AddressFamily) -> IPAddress {
    switch family {
    case .ipv4: ipv4
    case .ipv6: ipv6
    }
  }

  package var both: [IPAddress] { [ipv4, ipv6] }
}

extension IPAddress {
  /// The octets in the order of the wire: 4 or 16.
  package var bytes: [UInt8] {
    (0..<family.width / 8).reversed().map { UInt8(truncatingIfNeeded: bits >> UInt128(8 * $0)) }
  }

  /// The address of 4 or 16 octets in the order of the wire.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    let bits = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    self.init(family: bytes.count == 4 ? .ipv4 : .ipv6, bits: bits)
  }
}
