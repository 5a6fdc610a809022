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
    reach(ruleset, on: site, foreign: foreign, loose: .no)
  }

  /// As ``reach(_:on:foreign:)``, but where `loose` holds of a way in, what becomes of a sender's
  /// packets whatever their source is said of every source, and otherwise ``forged`` of those that
  /// no sender has.
  ///
  /// Without that, each of a thousand published ports would tell a thousand networks' members from
  /// forgers.
  package mutating func reach(
    _ ruleset: Ruleset, on site: Site, foreign: [AddressRange], loose: Diagram
  ) -> Diagram {
    let zones = AddressZones(site, family, foreign: foreign)
    var paths = PathCompiler(ruleset, site, zones)
    let whole = paths.whole(&self)
    let validity = Validity(site: site, zones: zones)
    let placed = store.masked(whole, by: validity.places(&self), else: absent)
    let senders = validity.senders(&self)
    let exact = store.both(senders, store.negated(loose))
    let others = store.both(senders, loose)
    let strict = store.masked(placed, by: exact, else: absent)
    var loosening = SourceLoosening(others, self)
    let parts = [
      unasked(strict, HeaderField.mac, hole: absent),
      unasked(loosening.loosened(placed, &self), HeaderField.mac, hole: forged),
    ]
    return store.joined(parts[...], hole: absent)
  }

  /// The function without the questions for `field` whose answers are all alike, as far as there
  /// are such packets.
  mutating func unasked(_ diagram: Diagram, _ field: Int, hole: Diagram) -> Diagram {
    var memo = DiagramMemo()
    return unasked(diagram, field, hole, &memo)
  }

  private mutating func unasked(
    _ diagram: Diagram, _ field: Int, _ hole: Diagram, _ memo: inout DiagramMemo
  ) -> Diagram {
    let own = store.field(diagram)
    if own > field { return diagram }
    if let known = memo[diagram] { return known }
    let count = store.branchCount(diagram)
    let result: Diagram
    if own == field {
      var answers = (0..<count).map { store.child(diagram, $0) }
      answers.removeAll { $0 == hole }
      let isOne = answers.allSatisfy { $0 == answers[0] }
      result = isOne ? answers.first ?? hole : diagram
    } else {
      let edges = store.newEdges()
      for index in 0..<count {
        let part = unasked(store.child(diagram, index), field, hole, &memo)
        store.append(store.upper(diagram, index), part, to: edges)
      }
      result = store.node(own, edges)
    }
    memo[diagram] = result
    return result
  }
}
