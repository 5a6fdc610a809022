import Diagnostics
import NetworkTypes

extension FlowComparison {
  /// `allow` lines all of whose flow is denied.
  mutating func checkDead(_ log: inout DiagnosticLog) {
    let denials = denials()
    if denials.isEmpty { return }
    for number in lines(.access, where: { $0.verb == .allow }) where !judged.contains(number) {
      let rule = draft.flows[number].rule
      let covering = denials.covering(
        rule.sources, rule.destinations, rule.services, &index, geometry)
      guard let covering else { continue }
      judged.insert(number)
      log.add(.deadFlow(draft.flows[number].statement, covering))
    }
  }

  /// Publishes all of whose mapped flow is denied.
  mutating func checkDeadPublishes(_ log: inout DiagnosticLog) {
    let denials = denials()
    if denials.isEmpty { return }
    let deniesAny = index.existing(.any).map { denials.sources.contains($0) } ?? false
    for line in draft.publishLines {
      guard let first = line.publishes.first else { continue }
      let sources = draft.policy.terms(of: draft.policy.publishes[first]).sources
      if sources.isEmpty && !deniesAny { continue }
      let target = draft.policy.publishes[first]
      let services = line.publishes.map { number in
        let publish = draft.policy.publishes[number]
        return ServiceMatch.ports(publish.transport, [publish.targetPorts])
      }
      let covering = denials.covering(
        sources.isEmpty ? [.any] : sources, [.guest(network: target.network, guest: target.guest)],
        services, &index, geometry)
      if let covering { log.add(.deadPublish(at: line.span, covering)) }
    }
  }

  private mutating func denials() -> FlowCoverage {
    var result = FlowCoverage()
    for number in lines(.access, where: { $0.verb != .allow }) {
      result.insert(draft.flows[number].rule, &index)
    }
    return result
  }
}
