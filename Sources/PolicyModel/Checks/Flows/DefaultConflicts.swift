import Diagnostics

extension FlowComparison {
  /// Defaults with different verbs for flows that have something in common.
  mutating func checkDefaultConflicts(_ log: inout DiagnosticLog) {
    let defaults = lines(.default)
    guard Set(defaults.map { draft.flows[$0].rule.verb }).count > 1 else { return }
    var overlap = FlowOverlap()
    for number in defaults {
      let rule = draft.flows[number].rule
      for other in overlap.lines(meeting: rule, &index) {
        let first = draft.flows[other].rule
        guard first.verb != rule.verb, ServiceCover.overlap(first.services, rule.services),
          !isCutOut(first, of: rule), !isCutOut(rule, of: first)
        else { continue }
        log.add(.defaultConflict(draft.flows[number].statement, first.span))
        break
      }
      overlap.insert(rule, number: number, &index)
    }
  }

  /// Whether the `except` of one line takes all of another out of it.
  private func isCutOut(_ inner: AccessRule, of outer: AccessRule) -> Bool {
    let sources = Set(outer.sourceExceptions.map { PeerKey(peer: $0) })
    let destinations = Set(outer.destinationExceptions.map { PeerKey(peer: $0) })
    return inner.sources.allSatisfy { sources.contains(PeerKey(peer: $0)) }
      || inner.destinations.allSatisfy { destinations.contains(PeerKey(peer: $0)) }
  }
}
