import NetworkTypes

/// nft's types of values (`enum datatypes` of its datatype.h).
enum ValueType: UInt32, CaseIterable {
  /// Bits without a meaning of their own.
  case integer = 4
  case ipv4Address = 7
  case ipv6Address = 8
  case transport = 12
  case port = 13
  case interface = 41

  init(_ family: AddressFamily) {
    switch family {
    case .ipv4: self = .ipv4Address
    case .ipv6: self = .ipv6Address
    }
  }

  /// In bytes; raw bits are taken by the length of an IPv6 address.
  var length: Int {
    switch self {
    case .integer, .ipv6Address, .interface: 16
    case .ipv4Address: 4
    case .transport: 1
    case .port: 2
    }
  }

  /// In bytes, as a component of a concatenation.
  var paddedLength: Int { (length + 3) / 4 * 4 }

  /// What NFTNL_UDATA_SET_KEYBYTEORDER says: 0 nothing, 1 host byte order, 2 big-endian.
  var byteOrder: UInt32 {
    switch self {
    case .transport: 0
    case .interface: 1
    case .integer, .ipv4Address, .ipv6Address, .port: 2
    }
  }
}

extension [ValueType] {
  /// nft's number of the concatenation: six bits a component.
  var number: UInt32 { reduce(0) { $0 << 6 | $1.rawValue } }

  /// In bytes: a single value is not padded.
  var length: Int { count == 1 ? self[0].length : reduce(0) { $0 + $1.paddedLength } }

  var byteOrder: UInt32 { count == 1 ? self[0].byteOrder : 0 }

  /// The components of a concatenation; `nil` where one of them is none of ours.
  init?(number: UInt32) {
    var rest = number
    var reversed: [ValueType] = []
    while rest != 0 {
      guard let type = ValueType(rawValue: rest & 63) else { return nil }
      reversed.append(type)
      rest >>= 6
    }
    guard !reversed.isEmpty else { return nil }
    self = reversed.reversed()
  }
}
