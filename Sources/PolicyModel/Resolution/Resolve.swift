package import Diagnostics
package import Syntax

/// Resolves the files of one compilation to one policy.
///
/// The order of files and of declarations never changes the meaning. `include` declarations are
/// passed over: `trees` holds the included files too. Of `on` parts those stay that name `host`.
///
/// - Complexity: O(n log n) in the size of the files.
package func resolve(
  _ trees: [SyntaxTree], host: String?, log: inout DiagnosticLog
) -> ResolvedPolicy {
  var resolver = Resolver(files: SourceFiles(trees))
  resolver.resolve(DeclarationTable(trees, host: host, log: &resolver.log))
  log.add(contentsOf: resolver.log)
  return ResolvedPolicy(draft: resolver.draft)
}

/// A policy all of whose lines are resolved, so that it can be said in rules. Whether it makes sense is
/// still to be checked.
package struct ResolvedPolicy: Sendable {
  fileprivate let draft: PolicyDraft

  /// The policy; of no use where the log has errors.
  package var policy: Policy { draft.policy }

  /// Adds what every check finds.
  ///
  /// - Complexity: O(n log n) in the size of the files.
  package func check(_ log: inout DiagnosticLog) { draft.check(&log) }
}
