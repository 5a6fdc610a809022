/// An inclusive, non-empty range of transport ports in host byte order.
@usableFromInline
package struct PortRange: Hashable, Sendable, Comparable {
  @usableFromInline package let lower: UInt16
  @usableFromInline package let upper: UInt16

  /// - Requires: `lower <= upper`.
  @inlinable
  package init(_ lower: UInt16, _ upper: UInt16) {
    precondition(lower <= upper, "a port range is never empty")
    self.lower = lower
    self.upper = upper
  }

  /// The range of one port.
  @inlinable
  package init(_ port: UInt16) { self.init(port, port) }

  /// Every port, 0 included.
  package static let all = PortRange(0, .max)

  /// The number of ports: 1...65536.
  @inlinable package var count: Int { Int(upper) - Int(lower) + 1 }

  /// Whether `port` is one of the range.
  package func contains(_ port: UInt16) -> Bool { port >= lower && port <= upper }
  /// Whether the two share a port.
  package func overlaps(_ other: PortRange) -> Bool {
    lower <= other.upper && other.lower <= upper
  }

  /// Orders by first port, then by last port.
  @usableFromInline
  package static func < (left: Self, right: Self) -> Bool {
    (left.lower, left.upper) < (right.lower, right.upper)
  }
}

extension PortRange: CustomStringConvertible {
  /// `80` or `8000-8010`.
  @usableFromInline
  package var description: String { lower == upper ? "\(lower)" : "\(lower)-\(upper)" }
}
