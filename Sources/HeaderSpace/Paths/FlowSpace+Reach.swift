package import Netfilter
package import NetworkTypes

extension FlowSpace {
  /// What becomes of the first packet of every connection; ``absent`` for packets that there are
  /// not.
  ///
  /// - Parameter foreign: prefixes of networks that another site has and this one has not.
  package mutating func reach(
    _ ruleset: Ruleset, on site: Site, foreign: [AddressRange] = []
  ) -> Diagram {
    let zones = AddressZones(site, family, foreign: foreign)
    var paths = PathCompiler(ruleset, site, zones)
    let whole = paths.whole(&self)
    let valid = Validity(site: site, zones: zones).condition(&self)
    let real = store.masked(whole, by: valid, else: absent)
    return unasked(real, HeaderField.mac, hole: absent)
  }

  /// The function without the questions for `field` whose answers are all alike, as far as there
  /// are such packets.
  mutating func unasked(_ diagram: Diagram, _ field: Int, hole: Diagram) -> Diagram {
    var memo: [Diagram: Diagram] = [:]
    return unasked(diagram, field, hole, &memo)
  }

  private mutating func unasked(
    _ diagram: Diagram, _ field: Int, _ hole: Diagram, _ memo: inout [Diagram: Diagram]
  ) -> Diagram {
    let own = store.field(diagram)
    if own > field { return diagram }
    if let known = memo[diagram] { return known }
    let branches = store.branches(diagram, own)
    let result: Diagram
    if own == field {
      var answers = branches.map(\.child)
      answers.removeAll { $0 == hole }
      let isOne = answers.allSatisfy { $0 == answers[0] }
      result = isOne ? answers.first ?? hole : diagram
    } else {
      var edges = Edges(capacity: branches.count)
      for branch in branches {
        edges.append(branch.interval.upper, unasked(branch.child, field, hole, &memo))
      }
      result = store.node(own, edges)
    }
    memo[diagram] = result
    return result
  }
}
