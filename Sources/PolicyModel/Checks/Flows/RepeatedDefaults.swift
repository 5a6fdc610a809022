import Diagnostics
import NetworkTypes

extension FlowComparison {
  /// Lines that say what a `default` line says anyway.
  mutating func checkRepeatedDefaults(_ log: inout DiagnosticLog) {
    let allowed = overlapOfAllows()
    let published = Set(draft.policy.publishes.map(\.network))
    for verb in AccessRule.Verb.allCases {
      var defaults = FlowCoverage()
      for number in lines(.default, where: { $0.verb == verb }) {
        defaults.insert(draft.flows[number].rule, &index)
      }
      if defaults.isEmpty { continue }
      for number in lines(.access, where: { $0.verb == verb }) where !judged.contains(number) {
        let rule = draft.flows[number].rule
        let covering = defaults.covering(
          rule.sources, rule.destinations, rule.services, &index, geometry)
        guard let covering, rule.clauses.log == nil else { continue }
        // A denial also beats the permissions within it, which a default does not.
        let beats = !allowed.lines(meeting: rule, &index).isEmpty || reaches(rule, published)
        if verb != .allow, beats { continue }
        log.add(.repeatedDefault(draft.flows[number].statement, covering))
      }
    }
  }

  private mutating func overlapOfAllows() -> FlowOverlap {
    var result = FlowOverlap()
    for number in lines(.access, where: { $0.verb == .allow }) {
      result.insert(draft.flows[number].rule, number: number, &index)
    }
    return result
  }

  /// Whether a line's destinations may be published containers.
  private func reaches(_ rule: AccessRule, _ published: Set<Int>) -> Bool {
    if published.isEmpty { return false }
    return rule.destinations.contains { peer in
      switch peer {
      case .network(let index), .guest(let index, _): published.contains(index)
      case .addresses, .any: true
      case .host, .world: false
      }
    }
  }
}
