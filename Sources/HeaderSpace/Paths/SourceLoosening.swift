/// Leaves out what a function says of sources that senders do not have.
///
/// For each way in, senders have some sources. A function that says the same of all of those says it
/// of every source then, and one that does not says ``FlowSpace/forged`` of the others. So rules about
/// some network's members split nothing but what comes by that network's way.
struct SourceLoosening {
  /// What senders by each way have to be like; ``Diagram/no`` where there are none.
  private let senders: Diagram
  /// Which sources come by which ways; ascending by source, of the same one ascending by way.
  private let pieces: [(sources: Interval, ways: Interval)]
  /// The largest end of a source among the pieces up to each.
  private let ends: [UInt128]
  /// The ways by which nobody sends.
  private let silent: [Interval]
  private var known = DiagramMemo()

  /// Functions that tell more sources than these apart are looked at way by way.
  private static let mostSources = 16
  /// As many ways may be told apart by what they say of sources.
  private static let mostWays = 64

  init(_ senders: Diagram, _ space: FlowSpace) {
    self.senders = senders
    var pieces: [(sources: Interval, ways: Interval)] = []
    var silent: [Interval] = []
    for branch in space.store.branches(senders, HeaderField.input) {
      if branch.child == .no {
        silent.append(branch.interval)
        continue
      }
      for source in space.store.branches(branch.child, HeaderField.source)
      where source.child != .no {
        pieces.append((source.interval, branch.interval))
      }
    }
    pieces.sort {
      ($0.sources.lower, $0.ways.lower) < ($1.sources.lower, $1.ways.lower)
    }
    var end: UInt128 = 0
    ends = pieces.map { piece in
      end = max(end, piece.sources.upper)
      return end
    }
    self.pieces = pieces
    self.silent = silent
  }

  /// The function for packets of senders; ``FlowSpace/absent`` for ways without any.
  mutating func loosened(_ diagram: Diagram, _ space: inout FlowSpace) -> Diagram {
    if senders == .no || diagram == space.absent { return space.absent }
    if let known = known[diagram] { return known }
    let field = space.store.askedField(diagram)
    let result: Diagram
    if field < HeaderField.input {
      let edges = space.store.newEdges()
      for branch in space.store.branches(diagram, field) {
        space.store.append(branch.interval.upper, loosened(branch.child, &space), to: edges)
      }
      result = space.store.node(field, edges)
    } else {
      let edges = space.store.newEdges()
      for branch in space.store.branches(diagram, HeaderField.input) {
        for part in parts(branch, &space) {
          space.store.append(part.interval.upper, part.child, to: edges)
        }
      }
      result = space.store.node(HeaderField.input, edges)
    }
    known[diagram] = result
    return result
  }

  /// What comes by the ways of a branch.
  private func parts(_ branch: Branch, _ space: inout FlowSpace) -> [Branch] {
    let whole = branch.interval
    if branch.child == space.absent { return [branch] }
    var special = AddressZones.common([whole], silent)
    let usual: Diagram
    if branch.child.isConstant {
      usual = branch.child
    } else {
      guard let found = deviating(branch, &space) else {
        return exact(branch.child, [whole], &space)
      }
      usual = found.usual
      special = (special + found.ways).united
    }
    var result: [Branch] = []
    for ways in special.complement(upTo: space.interfaces.limit) {
      guard let own = AddressZones.common([ways], [whole]).first else { continue }
      result.append(Branch(interval: own, child: usual))
    }
    result += exact(branch.child, special, &space)
    return result.sorted { $0.interval.lower < $1.interval.lower }
  }

  /// What most sources meet, and the ways by which others may come; `nil` where these are many.
  private func deviating(_ branch: Branch, _ space: inout FlowSpace) -> (
    usual: Diagram, ways: [Interval]
  )? {
    let sources = space.store.branches(branch.child, HeaderField.source)
    guard space.store.askedField(branch.child) == HeaderField.source,
      sources.count <= Self.mostSources
    else { return nil }
    guard let usual = Self.widest(sources), usual.isConstant else { return nil }
    var ways: [Interval] = []
    for part in sources where part.child != usual {
      guard let found = self.ways(of: part.interval) else { return nil }
      ways += AddressZones.common([branch.interval], found.united)
    }
    return ways.count > Self.mostWays ? nil : (usual, ways)
  }

  /// What most sources meet.
  private static func widest(_ sources: [Branch]) -> Diagram? {
    // They are few: looking through them costs less than a dictionary.
    var widths: [(child: Diagram, width: UInt128)] = []
    widths.reserveCapacity(sources.count)
    for part in sources {
      let width = (part.interval.upper - part.interval.lower) >> 8
      if let known = widths.firstIndex(where: { $0.child == part.child }) {
        widths[known].width += width
      } else {
        widths.append((part.child, width))
      }
    }
    return widths.max { $0.width < $1.width }?.child
  }

  /// The ways by which some of the sources come; `nil` for many.
  private func ways(of sources: Interval) -> [Interval]? {
    var (low, high) = (0, ends.count)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] < sources.lower { low = middle + 1 } else { high = middle }
    }
    var result: [Interval] = []
    while low < pieces.count, pieces[low].sources.lower <= sources.upper {
      if pieces[low].sources.upper >= sources.lower { result.append(pieces[low].ways) }
      if result.count > Self.mostWays { return nil }
      low += 1
    }
    return result
  }

  /// Way by way, what the senders there meet.
  private func exact(
    _ child: Diagram, _ ways: [Interval], _ space: inout FlowSpace
  ) -> [Branch] {
    ways.flatMap { interval in
      space.store.branches(senders, HeaderField.input, in: interval).map { branch in
        Branch(interval: branch.interval, child: met(child, by: branch.child, &space))
      }
    }
  }

  private func met(_ child: Diagram, by who: Diagram, _ space: inout FlowSpace) -> Diagram {
    if who == .no { return space.absent }
    if child.isConstant { return child }
    let result = space.store.masked(child, by: who, else: space.forged)
    let values = space.store.branches(result, HeaderField.source).map(\.child).filter {
      $0 != space.forged
    }
    guard let first = values.first, first.isConstant, values.allSatisfy({ $0 == first }) else {
      return result
    }
    return first
  }
}
