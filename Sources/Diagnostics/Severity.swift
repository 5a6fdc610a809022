/// How much a diagnostic weighs.
package enum Severity: String, CaseIterable, Hashable, Sendable {
  /// No output is written.
  case error
  /// Output is written; `check` exits with 1.
  case warning
  /// Worth knowing; changes no exit code.
  case note
}
