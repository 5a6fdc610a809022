/// A replacement of the bytes of one span.
package struct TextEdit: Hashable, Sendable {
  package let span: SourceSpan
  package let replacement: String

  package init(_ span: SourceSpan, replacement: String) {
    self.span = span
    self.replacement = replacement
  }
}

/// A mend that is certain: applying its edits resolves the diagnostic.
package struct FixIt: Hashable, Sendable {
  /// What it does, as a command: "write 10.0.0.0/24".
  package let message: String
  package let edits: [TextEdit]

  package init(_ message: String, edits: [TextEdit]) {
    self.message = message
    self.edits = edits
  }
}
