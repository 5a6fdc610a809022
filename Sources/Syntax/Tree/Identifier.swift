package import Diagnostics

/// A name as written: bare, dotted (`net.name`) or quoted.
package struct Identifier: Hashable, Sendable {
  /// The name without quotes and escapes.
  package let text: String
  package let span: SourceSpan
  /// Whether it was written in quotes: a dot then is part of the name.
  package let isQuoted: Bool

  package init(_ text: String, at span: SourceSpan, isQuoted: Bool = false) {
    self.text = text
    self.span = span
    self.isQuoted = isQuoted
  }
}
