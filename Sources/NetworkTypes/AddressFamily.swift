/// One of the two internet protocols.
package enum AddressFamily: UInt8, CaseIterable, Hashable, Sendable, Comparable {
  case ipv4 = 4
  case ipv6 = 6

  /// The number of bits in an address of this family: 32 or 128.
  package var width: Int {
    switch self {
    case .ipv4: 32
    case .ipv6: 128
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
