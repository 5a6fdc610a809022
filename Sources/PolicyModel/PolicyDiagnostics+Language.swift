import Diagnostics

extension Diagnostic {
  static func languageTwice(at span: SourceSpan, first: SourceSpan) -> Diagnostic {
    Diagnostic(
      .languageVersion, "a file has one `language` line", at: span,
      notes: [Note("the first is here", at: first)])
  }

  static func languageUnknown(_ version: Sourced<String>) -> Diagnostic {
    Diagnostic(
      .languageVersion, "language `\(version.value)` is not known; this compiler reads 1",
      at: version.span,
      fixIts: [FixIt("write `1`", edits: [TextEdit(version.span, replacement: "1")])])
  }

  static func unknownHost(
    _ host: String, suggestion: String?, at span: SourceSpan
  ) -> Diagnostic {
    let hint = suggestion.map { "; did you mean `\($0)`?" } ?? ""
    return Diagnostic(.hostUnknown, "no `on` part is for host `\(host)`\(hint)", at: span)
  }
}
