import Diagnostics
import NetworkTypes
import Syntax

extension PolicyDraft {
  /// Ports spelled out where a service has the name for them. An expectation says its own numbers.
  func checkSpelledServices(_ log: inout DiagnosticLog) {
    if services.isEmpty { return }
    var names: [[ServiceMatch]: Int] = [:]
    for (index, service) in services.enumerated() where !service.matches.isEmpty {
      if names[service.matches] == nil { names[service.matches] = index }
    }
    var findings = CappedFindings()
    for line in flows where line.kind != .expectation {
      guard let match = line.statement.flow.match, isSpelled(match),
        let index = names[line.rule.services]
      else { continue }
      let name = services[index].declaration.name
      findings.add(.portService, at: match.span) { .spelledService(match, name) }
    }
    findings.finish(into: &log)
  }

  /// Whether a match is made of protocols and ports alone.
  private func isSpelled(_ match: MatchSyntax) -> Bool {
    match.items.allSatisfy { item in
      switch item {
      case .transport, .transportNumber, .port: true
      case .name: false
      }
    }
  }
}
