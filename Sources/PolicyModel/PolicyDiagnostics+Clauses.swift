import Diagnostics
import Syntax

extension Diagnostic {
  static func clampSize(_ bytes: Sourced<String>) -> Diagnostic {
    Diagnostic(
      .limitZero, "a segment of `\(bytes.value)` bytes cannot be; the kernel takes 1 to 65535",
      at: bytes.span)
  }

  static func limitCount(_ text: Sourced<String>, most: UInt32) -> Diagnostic {
    Diagnostic(.limitZero, "`\(text.value)` cannot be counted; say 1 to \(most)", at: text.span)
  }

  static func limitUnit(_ unit: Identifier, suggestion: String?) -> Diagnostic {
    let hint = suggestion.map { "did you mean `\($0)`?" } ?? "say second, minute, hour or day"
    let fixIts = suggestion.map {
      [FixIt("write `\($0)`", edits: [TextEdit(unit.span, replacement: $0)])]
    }
    return Diagnostic(
      .limitUnit, "unknown unit `\(unit.text)`; \(hint)", at: unit.span, fixIts: fixIts ?? [])
  }

  static func logPrefixCharacters(_ prefix: Identifier) -> Diagnostic {
    Diagnostic(
      .logPrefix, "a log prefix is printable ASCII without quotes and backslashes",
      at: prefix.span)
  }

  static func logPrefixLength(_ prefix: Identifier) -> Diagnostic {
    Diagnostic(
      .logPrefix, "this log prefix is \(prefix.text.utf8.count) bytes; the kernel allows 127",
      at: prefix.span)
  }
}
