import Diagnostics
import NetworkTypes
import Syntax

extension Diagnostic {
  static func containedEntry(
    _ entry: Sourced<AddressRange>, in other: Sourced<AddressRange>, _ removal: TextEdit
  ) -> Diagnostic {
    let sentence =
      entry.value == other.value
      ? "`\(entry.value)` stands twice in the list"
      : "`\(entry.value)` lies in `\(other.value)`"
    return Diagnostic(
      .listOverlap, sentence, at: entry.span,
      notes: [Note("the other entry is here", at: other.span)],
      fixIts: [FixIt("remove the entry", edits: [removal])])
  }

  static func emptyList(_ name: Identifier, use: SourceSpan) -> Diagnostic {
    Diagnostic(
      .listEmpty, "list `\(name.text)` is empty, and lines about it cover nobody", at: name.span,
      notes: [Note("it is used here", at: use)])
  }

  static func largeList(_ name: Identifier, _ count: Int) -> Diagnostic {
    Diagnostic(
      .listSize, "list `\(name.text)` has \(count) ranges, which take the kernel seconds to load",
      at: name.span)
  }

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
