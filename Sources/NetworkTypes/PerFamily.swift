/// A value for each address family.
package struct PerFamily<Value> {
  package var ipv4: Value
  package var ipv6: Value

  /// The same value for both.
  package init(_ value: Value) {
    ipv4 = value
    ipv6 = value
  }

  /// The value of `family`.
  package subscript(family: AddressFamily) -> Value {
    switch family {
    case .ipv4: ipv4
    case .ipv6: ipv6
    }
  }
}

extension PerFamily: Sendable where Value: Sendable {}
