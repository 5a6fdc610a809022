import Diagnostics

extension PolicyDraft {
  /// What a peer sends to itself never meets a rule.
  func checkSelf(_ line: FlowLine, _ log: inout DiagnosticLog) {
    let rule = line.rule
    guard rule.sources.count == 1, rule.sources == rule.destinations else { return }
    switch rule.sources[0] {
    case .guest, .host: log.add(.selfFlow(line.statement))
    case .world: log.add(.worldToWorld(line.statement))
    case .network, .addresses, .any: break
    }
  }
}
