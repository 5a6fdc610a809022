import Diagnostics
import Syntax

extension Diagnostic {
  /// - Requires: `names` is the cycle, in order, and not empty.
  static func listCycle(_ names: [Identifier]) -> Diagnostic {
    let through = names.dropFirst().map { "`\($0.text)`" }.joined(separator: ", ")
    let hint = through.isEmpty ? "" : " through \(through)"
    return Diagnostic(
      .listCycle, "list `\(names[0].text)` contains itself\(hint)", at: names[0].span,
      notes: names.dropFirst().map { Note("`\($0.text)` is here", at: $0.span) })
  }

  static func listEntryKind(_ text: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .nameKind, "`\(text)` is no set of addresses; a list holds addresses and other lists",
      at: span)
  }
}
