package import Diagnostics
package import Syntax

/// Resolves the files of one compilation to one policy and checks it; `nil` if `log` then has
/// an error.
///
/// The order of files and of declarations never changes the meaning. `include` declarations are
/// passed over: `trees` holds the included files too. Of `on` parts those stay that name `host`.
///
/// - Complexity: O(n log n) in the size of the files.
package func resolve(
  _ trees: [SyntaxTree], host: String?, log: inout DiagnosticLog
) -> Policy? {
  var resolver = Resolver(files: SourceFiles(trees))
  resolver.resolve(DeclarationTable(trees, host: host, log: &resolver.log))
  log.add(contentsOf: resolver.log)
  return log.hasErrors ? nil : resolver.draft.policy
}
