package import Diagnostics

/// The line of the policy that an object came from.
package struct Origin: Hashable, Sendable {
  package let span: SourceSpan
  /// `file:line`, as comments in the output show it.
  package let location: String

  package init(span: SourceSpan, location: String) {
    self.span = span
    self.location = location
  }
}
