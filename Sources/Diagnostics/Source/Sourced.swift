/// A value together with the place it was written at.
@usableFromInline
package struct Sourced<Value> {
  @usableFromInline package var value: Value
  @usableFromInline package var span: SourceSpan

  @inlinable
  package init(_ value: Value, at span: SourceSpan) {
    self.value = value
    self.span = span
  }
}

extension Sourced: Equatable where Value: Equatable {}
extension Sourced: Hashable where Value: Hashable {}
extension Sourced: Sendable where Value: Sendable {}
