import Diagnostics
import Syntax

extension Diagnostic {
  static func ambiguousName(
    _ name: Identifier, networks: [String], spans: [SourceSpan]
  ) -> Diagnostic {
    let choices = networks.map { "`\($0).\(name.text)`" }
    return Diagnostic(
      .nameAmbiguous, "`\(name.text)` is in two networks; say \(choices.joined(separator: " or "))",
      at: name.span,
      notes: zip(choices, spans).map { Note("\($0) is declared here", at: $1) })
  }

  static func ambiguousServed(_ name: Identifier, declared: SourceSpan) -> Diagnostic {
    Diagnostic(
      .nameAmbiguous,
      "`\(name.text)` is a word of `serve` and a service of yours with other ports; rename yours",
      at: name.span, notes: [Note("the service is declared here", at: declared)])
  }

  static func dottedName(_ name: Identifier) -> Diagnostic {
    Diagnostic(
      .nameInvalid, "a container's name with a dot is quoted, since `\(name.text)` says a network",
      at: name.span,
      fixIts: [
        FixIt("quote it", edits: [TextEdit(name.span, replacement: "\"\(name.text)\"")])
      ])
  }

  static func duplicateName(
    _ name: Identifier, _ kind: String, as other: String, first: SourceSpan
  ) -> Diagnostic {
    let article = kind == other ? "another" : "a"
    return Diagnostic(
      .nameDuplicate, "\(kind) `\(name.text)` has the name of \(article) \(other)", at: name.span,
      notes: [Note("the \(other) is declared here", at: first)])
  }

  static func invalidName(_ name: Identifier) -> Diagnostic {
    Diagnostic(
      .nameInvalid,
      "a name is 1 to 64 letters, digits, `_`, `-` and `.`, and starts with no `-`",
      at: name.span)
  }

  static func reservedName(_ name: Identifier) -> Diagnostic {
    Diagnostic(
      .nameReserved, "`\(name.text)` always means the peer of that name; take another name",
      at: name.span,
      fixIts: [
        FixIt(
          "write `\(name.text)-1`",
          edits: [TextEdit(name.span, replacement: "\"\(name.text)-1\"")])
      ])
  }

  static func serviceInService(_ name: Identifier, declared: SourceSpan) -> Diagnostic {
    Diagnostic(
      .nameKind, "`\(name.text)` is a service; a service holds protocols and ports only",
      at: name.span, notes: [Note("`\(name.text)` is declared here", at: declared)])
  }

  static func similarName(_ name: Identifier, _ other: Identifier) -> Diagnostic {
    Diagnostic(
      .nameSimilar, "`\(name.text)` and `\(other.text)` differ only in case", at: name.span,
      notes: [Note("`\(other.text)` is declared here", at: other.span)])
  }

  static func unknownName(
    _ name: Identifier, _ sought: SoughtName, suggestion: String?, declared: SourceSpan?
  ) -> Diagnostic {
    let start = "unknown \(sought.rawValue) `\(name.text)`"
    guard let suggestion else { return Diagnostic(.nameUnknown, start, at: name.span) }
    let text = name.isQuoted ? "\"\(suggestion)\"" : suggestion
    return Diagnostic(
      .nameUnknown, "\(start); did you mean `\(suggestion)`?", at: name.span,
      notes: declared.map { [Note("`\(suggestion)` is declared here", at: $0)] } ?? [],
      fixIts: [
        FixIt("write `\(suggestion)`", edits: [TextEdit(name.span, replacement: text)])
      ])
  }

  static func unusedName(_ name: Identifier, _ kind: String, _ removal: TextEdit) -> Diagnostic {
    Diagnostic(
      .nameUnused, "no line uses the \(kind) `\(name.text)`", at: name.span,
      fixIts: [FixIt("remove the \(kind)", edits: [removal])])
  }

  static func wrongKind(
    _ name: Identifier, is noun: String, needs: String, declared: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .nameKind, "`\(name.text)` is a \(noun); \(needs)", at: name.span,
      notes: [Note("`\(name.text)` is declared here", at: declared)])
  }
}
