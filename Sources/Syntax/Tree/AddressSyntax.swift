package import Diagnostics

/// An address, prefix, range or MAC as written; its text is not judged yet.
package struct AddressSyntax: Hashable, Sendable {
  /// What the text looks like; it may still be invalid.
  package enum Form: Hashable, Sendable {
    case ipv4Address, ipv4Prefix, ipv4Range, ipv6Address, ipv6Prefix, ipv6Range, mac
  }

  package let form: Form
  /// The text, without brackets.
  package let text: String
  package let span: SourceSpan

  package init(_ form: Form, _ text: String, at span: SourceSpan) {
    self.form = form
    self.text = text
    self.span = span
  }
}
