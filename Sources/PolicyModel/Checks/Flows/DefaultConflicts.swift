import Diagnostics
import NetworkTypes

extension FlowComparison {
  /// Defaults with different verbs for flows that have something in common.
  ///
  /// - Complexity: defaults are compared two by two up to a bound on the work; beyond it, O(n log n),
  ///   and address ranges that cross without one holding the other are not found.
  mutating func checkDefaultConflicts(_ log: inout DiagnosticLog) {
    let defaults = lines(.default)
    guard Set(defaults.map { draft.flows[$0].rule.verb }).count > 1 else { return }
    let isSmall = comparisonWork(defaults) <= Self.workLimit
    var overlap = FlowOverlap()
    for (position, number) in defaults.enumerated() {
      let rule = draft.flows[number].rule
      let others =
        isSmall ? Array(defaults[..<position]) : overlap.lines(meeting: rule, &index)
      if let other = others.first(where: { meets(draft.flows[$0].rule, rule) }) {
        log.add(.defaultConflict(draft.flows[number].statement, draft.flows[other].rule.span))
      }
      if !isSmall { overlap.insert(rule, number: number, &index) }
    }
  }

  /// Above so many comparisons of peers a second might be noticed.
  private static let workLimit = 1 << 20

  /// How many comparisons it takes to hold every line against every other, about.
  private func comparisonWork(_ numbers: [Int]) -> Int {
    let widths = numbers.map { number in
      let rule = draft.flows[number].rule
      return (rule.sources + rule.destinations).reduce(0) { sum, peer in
        if case .addresses(let set) = peer { sum + 1 + set.ranges.count / 4 } else { sum + 1 }
      }
    }
    let (product, isOverflowing) = numbers.count.multipliedReportingOverflow(
      by: widths.reduce(0, +))
    return isOverflowing ? .max : product
  }

  /// Whether some packet is of both lines, which have different verbs for it.
  private func meets(_ one: AccessRule, _ other: AccessRule) -> Bool {
    one.verb != other.verb && ServiceCover.overlap(one.services, other.services)
      && share(
        one.sources, other.sources, without: one.sourceExceptions + other.sourceExceptions)
      && share(
        one.destinations, other.destinations,
        without: one.destinationExceptions + other.destinationExceptions)
  }

  /// Whether two sides have a peer in common that no exception takes out.
  private func share(_ one: [Peer], _ other: [Peer], without exceptions: [Peer]) -> Bool {
    one.contains { left in
      other.contains { right in
        guard geometry.overlaps(left, right) else { return false }
        if exceptions.isEmpty { return true }
        guard let common = geometry.intersection(left, right) else { return true }
        return !geometry.covers(exceptions, common)
      }
    }
  }
}
