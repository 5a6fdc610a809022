package import Diagnostics

/// A port, a port range, or `auto`; its numbers are read and not judged yet.
package struct PortSyntax: Hashable, Sendable {
  /// What is written.
  package enum Form: Hashable, Sendable { case port, range, automatic }

  /// The first number of a range or the only one; 1 000 000 stands for what is larger.
  package let lower: UInt32
  /// The last number; as ``lower``.
  package let upper: UInt32
  package let span: SourceSpan
  package let form: Form

  package init(_ form: Form, _ lower: UInt32, _ upper: UInt32, at span: SourceSpan) {
    self.lower = lower
    self.upper = upper
    self.span = span
    self.form = form
  }

  /// The word `auto`.
  package static func automatic(at span: SourceSpan) -> PortSyntax {
    PortSyntax(.automatic, 0, 0, at: span)
  }

  /// Whether it is the word `auto`.
  package var isAutomatic: Bool { form == .automatic }

  /// `80`, `8000-8010` or `auto`; as written but for zeros in front and numbers that are too large.
  package var text: String {
    switch form {
    case .port: "\(lower)"
    case .range: "\(lower)-\(upper)"
    case .automatic: "auto"
    }
  }
}

extension PortSyntax: CustomReflectable {
  /// The port as written, and where.
  package var customMirror: Mirror {
    Mirror(
      self, children: ["text": text, "span": span, "isAutomatic": isAutomatic],
      displayStyle: .struct)
  }
}
