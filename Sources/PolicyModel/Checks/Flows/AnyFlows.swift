import Diagnostics

extension PolicyDraft {
  /// Flows from anyone to anyone, of anything.
  func checkAny(_ line: FlowLine, _ log: inout DiagnosticLog) {
    let rule = line.rule
    guard line.kind == .access, rule.sources == [.any], rule.destinations == [.any] else { return }
    log.add(.anyToAny(line.statement))
  }
}
