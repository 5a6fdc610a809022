/// One finding about a policy: what, where, how bad, and how to mend it.
package struct Diagnostic: Hashable, Sendable {
  package let id: DiagnosticID
  package let severity: Severity
  /// One sentence, no final period, names in backquotes.
  package let message: String
  /// The place; `nil` where no file is involved.
  package let span: SourceSpan?
  package let notes: [Note]
  package let fixIts: [FixIt]

  /// A finding of another weight than its kind has by itself; `nil` for that one.
  ///
  /// - Requires: `message` has one line.
  package init(
    _ id: DiagnosticID, _ severity: Severity?, _ message: String, at span: SourceSpan?,
    notes: [Note] = [], fixIts: [FixIt] = []
  ) {
    precondition(!message.utf8.contains(UInt8(ascii: "\n")), "a message is one line")
    self.id = id
    self.severity = severity ?? id.severity
    self.message = message
    self.span = span
    self.notes = notes
    self.fixIts = fixIts
  }

  /// A finding of the weight that its kind has.
  ///
  /// - Requires: `message` has one line.
  package init(
    _ id: DiagnosticID, _ message: String, at span: SourceSpan?, notes: [Note] = [],
    fixIts: [FixIt] = []
  ) {
    self.init(id, nil, message, at: span, notes: notes, fixIts: fixIts)
  }
}
