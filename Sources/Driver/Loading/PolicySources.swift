package import Diagnostics
package import Syntax

/// The files of one policy, read and parsed, those that others include too.
package struct PolicySources: Sendable {
  package var sources = SourceMap()
  package var trees: [SyntaxTree] = []
  package var log = DiagnosticLog()
  /// Whether every file that belongs to the policy could be read as text: without the others, a
  /// name that is missing says nothing.
  package var isComplete = true

  package init() {}
}
