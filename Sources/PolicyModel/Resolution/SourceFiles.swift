import Diagnostics
import Syntax

/// The texts of a compilation, for fix-its that look at what surrounds a span.
struct SourceFiles {
  private var texts: [UInt32: SourceText] = [:]

  init(_ trees: [SyntaxTree]) {
    for tree in trees { texts[tree.source.file] = tree.source }
  }

  /// The text of `span`, as written.
  func text(_ span: SourceSpan) -> String { texts[span.file]?.text(span) ?? "" }

  /// The edit that takes a whole statement away: with its line if it has the line to itself.
  func removal(of span: SourceSpan) -> TextEdit {
    guard let bytes = texts[span.file]?.bytes else { return TextEdit(span, replacement: "") }
    var start = Int(span.start)
    while start > 0, isBlank(bytes[start - 1]) { start -= 1 }
    let startsLine = start == 0 || bytes[start - 1] == UInt8(ascii: "\n")
    var end = Int(span.end)
    while end < bytes.count, isBlank(bytes[end]) { end += 1 }
    if end < bytes.count, bytes[end] == UInt8(ascii: "#") {
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    }
    let endsLine = end == bytes.count || bytes[end] == UInt8(ascii: "\n")
    guard startsLine, endsLine else { return TextEdit(span, replacement: "") }
    if end < bytes.count { end += 1 }
    return TextEdit(
      SourceSpan(file: span.file, start: UInt32(start), end: UInt32(end)), replacement: "")
  }

  /// The edit that takes one entry out of a comma-joined list of more than one.
  func removalFromList(_ span: SourceSpan) -> TextEdit {
    guard let bytes = texts[span.file]?.bytes else { return TextEdit(span, replacement: "") }
    var end = Int(span.end)
    while end < bytes.count, isSpace(bytes[end]) { end += 1 }
    if end < bytes.count, bytes[end] == UInt8(ascii: ",") {
      end += 1
      while end < bytes.count, isBlank(bytes[end]) { end += 1 }
      return TextEdit(
        SourceSpan(file: span.file, start: span.start, end: UInt32(end)), replacement: "")
    }
    var start = Int(span.start)
    while start > 0, isSpace(bytes[start - 1]) { start -= 1 }
    if start > 0, bytes[start - 1] == UInt8(ascii: ",") { start -= 1 }
    return TextEdit(
      SourceSpan(file: span.file, start: UInt32(start), end: span.end), replacement: "")
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  private func isSpace(_ byte: UInt8) -> Bool { isBlank(byte) || byte == UInt8(ascii: "\n") }
}
