package import Diagnostics

/// A port or a port range as written; numbers are not judged yet.
package struct PortSyntax: Hashable, Sendable {
  /// `80`, `8000-8010` or `auto`.
  package let text: String
  package let span: SourceSpan
  /// Whether it is the word `auto`.
  package let isAutomatic: Bool

  package init(_ text: String, at span: SourceSpan, isAutomatic: Bool = false) {
    self.text = text
    self.span = span
    self.isAutomatic = isAutomatic
  }
}
