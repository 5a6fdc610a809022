/// A function from headers to values, as a node of a ``DiagramStore``.
///
/// Two diagrams of one store are the same function if and only if they are equal.
package struct Diagram: Hashable, Sendable {
  /// A constant's value with the high bit set, or the index of a node.
  let bits: UInt32

  private static let constantBit: UInt32 = 1 << 31

  /// The node at `index`.
  init(node index: Int) { bits = UInt32(truncatingIfNeeded: index) }

  /// The function that has one value everywhere.
  ///
  /// - Requires: `value` is in 0..<2^31 - 1.
  package init(constant value: Int) { bits = UInt32(truncatingIfNeeded: value) | Self.constantBit }

  /// Nowhere; the constant 0.
  package static let no = Diagram(constant: 0)
  /// Everywhere; the constant 1.
  package static let yes = Diagram(constant: 1)

  /// The value of a constant function; `nil` where it depends on something.
  package var constant: Int? {
    bits & Self.constantBit == 0 ? nil : Int(bits & ~Self.constantBit)
  }

  var isConstant: Bool { bits & Self.constantBit != 0 }
}

/// An inclusive range of a field's values.
package struct Interval: Hashable, Sendable {
  package let lower: UInt128
  package let upper: UInt128

  /// - Requires: `lower <= upper`.
  package init(_ lower: UInt128, _ upper: UInt128) {
    self.lower = lower
    self.upper = upper
  }

  /// The interval of one value.
  package init(_ value: UInt128) { self.init(value, value) }
}

/// A part of a function: what it is where one field has a value of `interval`.
package struct Branch: Hashable, Sendable {
  package let interval: Interval
  package let child: Diagram
}
