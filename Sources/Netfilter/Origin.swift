package import Diagnostics

/// The line of the policy that an object came from.
package struct Origin: Hashable, Sendable {
  /// The file as the user named it. Of one ruleset's origins, those whose spans are of the same file
  /// have the same name, unless they were read from the kernel and have empty spans.
  package let file: String
  package let span: SourceSpan
  /// Counted from 1.
  package let line: UInt32

  package init(span: SourceSpan, file: String, line: UInt32) {
    self.span = span
    self.file = file
    self.line = line
  }

  /// `file:line`, as comments in the output show it.
  package var location: String { "\(file):\(line)" }
}
