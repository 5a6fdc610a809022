/// One more place or fact that a diagnostic involves.
package struct Note: Hashable, Sendable {
  package let message: String
  /// The other place; `nil` for a remark without one.
  package let span: SourceSpan?

  package init(_ message: String, at span: SourceSpan? = nil) {
    self.message = message
    self.span = span
  }
}
