/// What can leave by which way: what rules make of other packets matters to nobody.
///
/// A destination has one way out. So of a map of all networks' flows each network's part is looked
/// at with the rules for its way out only, and not all of it with those for every way.
struct WaysOut: Sendable {
  /// The packets that leave by some ways.
  struct Leaving: Sendable {
    let ways: Interval
    /// Each `nil` where all are possible; sorted, their intervals apart.
    let destinations: [Interval]?
    let inputs: [Interval]?
    let sources: [Interval]?
    /// All of that as one condition.
    let packets: Diagram
  }

  /// Ascending, their ways apart. By other ways nothing leaves.
  let leaving: [Leaving]

  /// - Requires: the ways are apart.
  init(_ leaving: [Leaving]) {
    self.leaving = leaving.sorted { $0.ways.lower < $1.ways.lower }
  }
}

extension FlowSpace {
  /// What leaves by `ways`.
  mutating func leaving(
    by ways: Interval, to destinations: [Interval]?, from inputs: [Interval]?,
    sources: [Interval]?
  ) -> WaysOut.Leaving {
    var conditions = Conditions()
    if let destinations { conditions.require(HeaderField.destination, destinations) }
    if let inputs { conditions.require(HeaderField.input, inputs) }
    if let sources { conditions.require(HeaderField.source, sources) }
    return WaysOut.Leaving(
      ways: ways, destinations: destinations, inputs: inputs, sources: sources,
      packets: diagram(conditions))
  }

  /// All parts, one after the other, for the packets that leave by the ways out.
  ///
  /// - Complexity: O(size · log parts), where few parts concern what leaves by one way.
  mutating func sequence(of parts: [Diagram], _ waysOut: WaysOut?) -> Diagram {
    guard let waysOut, parts.count > 1 else { return sequence(of: parts[...]) }
    let asks = parts.contains { store.askedField($0) == HeaderField.translated }
    guard asks else { return sequenceByWay(parts, waysOut) }
    let edges = store.newEdges()
    for value: UInt128 in [0, 1] {
      let own = parts.map { store.descend($0, HeaderField.translated, value) }
      store.append(value, sequenceByWay(own, waysOut), to: edges)
    }
    return store.node(HeaderField.translated, edges)
  }

  /// Where few ways are told apart, what is not possible costs less than looking for it.
  private static let fewWays = 16
  /// How many parts may concern each way.
  private static let mostParts = 256

  private mutating func sequenceByWay(_ parts: [Diagram], _ waysOut: WaysOut) -> Diagram {
    let asked = parts.filter { store.askedField($0) == HeaderField.output }
    let branchCount = asked.reduce(0) { $0 + store.branchCount($1) }
    guard branchCount > Self.fewWays else { return sequence(of: parts[...]) }
    let leaves = leaves(asked, waysOut)
    var places = LeafPlaces(leaves)
    var members: [[Int]] = Array(repeating: [], count: leaves.count)
    var total = 0
    for (index, part) in parts.enumerated() where part != next {
      let concerned = places.concerned(by: part, self)
      total += concerned.count
      if total > Self.mostParts * (leaves.count + parts.count) {
        return sequence(of: parts[...])
      }
      for leaf in concerned { members[leaf].append(index) }
    }
    let edges = store.newEdges()
    for (leaf, own) in zip(leaves, members) {
      store.append(leaf.ways.upper, sequence(parts, own, leaf), to: edges)
    }
    return store.node(HeaderField.output, edges)
  }

  private mutating func sequence(
    _ parts: [Diagram], _ members: [Int], _ leaf: WaysOut.Leaving
  ) -> Diagram {
    if leaf.packets == .no { return absent }
    let own = members.map { store.descend(parts[$0], HeaderField.output, leaf.ways.lower) }
    return sequence(of: own[...], on: leaf.packets)
  }

  /// The ways out, cut wherever some part tells them apart.
  private func leaves(_ asked: [Diagram], _ waysOut: WaysOut) -> [WaysOut.Leaving] {
    var starts: Set<UInt128> = [0]
    for part in asked {
      for branch in store.branches(part, HeaderField.output) {
        starts.insert(branch.interval.lower)
      }
    }
    for known in waysOut.leaving {
      starts.insert(known.ways.lower)
      if known.ways.upper < interfaces.limit { starts.insert(known.ways.upper + 1) }
    }
    let cuts = starts.sorted()
    var known = waysOut.leaving[...]
    return cuts.enumerated().map { index, start in
      let ways = Interval(start, index + 1 < cuts.count ? cuts[index + 1] - 1 : interfaces.limit)
      while let first = known.first, first.ways.upper < start { known.removeFirst() }
      guard let own = known.first, own.ways.lower <= start else {
        return WaysOut.Leaving(
          ways: ways, destinations: [], inputs: [], sources: [], packets: .no)
      }
      return WaysOut.Leaving(
        ways: ways, destinations: own.destinations, inputs: own.inputs, sources: own.sources,
        packets: own.packets)
    }
  }
}
