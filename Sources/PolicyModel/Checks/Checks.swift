import Diagnostics

/// Runs every check on what could be resolved.
func runChecks(_ draft: PolicyDraft, files: SourceFiles, log: inout DiagnosticLog) {
}
