import Diagnostics
import NetworkTypes

extension FlowComparison {
  /// Lines that say what a `default` line says anyway.
  mutating func checkRepeatedDefaults(_ log: inout DiagnosticLog) {
    var candidates: [(number: Int, covering: [SourceSpan])] = []
    for verb in AccessRule.Verb.allCases { candidates += repetitions(verb) }
    if candidates.isEmpty { return }
    let allowed = overlapOfAllows()
    let published = Set(draft.policy.publishes.map(\.network))
    for (number, covering) in candidates {
      let rule = draft.flows[number].rule
      if rule.verb != .allow {
        // A denial also beats the permissions within it, which a default does not.
        if reaches(rule, published) || !allowed.lines(meeting: rule, &index).isEmpty { continue }
      }
      log.add(.repeatedDefault(draft.flows[number].statement, covering))
    }
  }

  /// The lines of a verb that defaults of the same verb cover, and which.
  private mutating func repetitions(
    _ verb: AccessRule.Verb
  ) -> [(number: Int, covering: [SourceSpan])] {
    var defaults = FlowCoverage()
    for number in lines(.default, where: { $0.verb == verb }) {
      defaults.insert(draft.flows[number].rule, &index)
    }
    if defaults.isEmpty { return [] }
    var result: [(number: Int, covering: [SourceSpan])] = []
    for number in lines(.access, where: { $0.verb == verb && $0.clauses.log == nil }) {
      if judged.contains(number) { continue }
      let rule = draft.flows[number].rule
      let covering = defaults.covering(
        rule.sources, rule.destinations, rule.services, &index, geometry)
      if let covering { result.append((number, covering)) }
    }
    return result
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
