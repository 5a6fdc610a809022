/// One of the two internet protocols.
@usableFromInline
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

  // Asked of each element of a map, by other targets: theirs to see, or each would be a call of a call.
  @inlinable
  package static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.ipv4, .ipv4), (.ipv6, .ipv6): true
    case (.ipv4, .ipv6), (.ipv6, .ipv4): false
    }
  }

  @usableFromInline
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
