/// Finds the ways out whose packets a part is about.
struct LeafPlaces {
  private let leaves: [WaysOut.Leaving]
  private let destinations: FieldPlaces
  private let inputs: FieldPlaces
  private let sources: FieldPlaces
  /// `nil` for all ways out.
  private var known: [Diagram: Set<Int>?] = [:]
  /// How many nodes of a part are still looked at; what is not looked at may be about everything.
  private var patience = 0

  private static let mostNodes = 256

  init(_ leaves: [WaysOut.Leaving]) {
    self.leaves = leaves
    destinations = FieldPlaces(leaves.map(\.destinations))
    inputs = FieldPlaces(leaves.map(\.inputs))
    sources = FieldPlaces(leaves.map(\.sources))
  }

  /// The indexes of ways out for whose packets `part` is not ``FlowSpace/next``, and perhaps some
  /// more; ascending.
  mutating func concerned(by part: Diagram, _ space: FlowSpace) -> [Int] {
    if space.store.askedField(part) == HeaderField.output {
      return byWay(part, space).flatMap { $0 }
    }
    patience = Self.mostNodes
    return found(part, space)?.sorted() ?? Array(leaves.indices)
  }

  private func byWay(_ part: Diagram, _ space: FlowSpace) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for branch in space.store.branches(part, HeaderField.output) where branch.child != space.next {
      let start = index(branch.interval.lower)
      result.append(start..<index(branch.interval.upper) + 1)
    }
    return result
  }

  private func index(_ way: UInt128) -> Int {
    var (low, high) = (0, leaves.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if leaves[middle].ways.upper < way { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func found(_ part: Diagram, _ space: FlowSpace) -> Set<Int>? {
    if part == space.next { return [] }
    if part.isConstant { return nil }
    if let known = known[part] { return known }
    patience -= space.store.branchCount(part)
    guard patience > 0 else { return nil }
    let result: Set<Int>?
    switch space.store.askedField(part) {
    case HeaderField.destination: result = found(part, by: destinations, space)
    case HeaderField.input: result = found(part, by: inputs, space)
    case HeaderField.source: result = found(part, by: sources, space)
    default: result = found(part, by: nil, space)
    }
    known[part] = .some(result)
    return result
  }

  private mutating func found(
    _ part: Diagram, by places: FieldPlaces?, _ space: FlowSpace
  ) -> Set<Int>? {
    var result: Set<Int> = []
    for branch in space.store.branches(part, space.store.askedField(part))
    where branch.child != space.next {
      // Where the values say little, what follows may say more.
      if let own = places?.leaves(in: branch.interval) {
        result.formUnion(own)
        continue
      }
      guard let own = found(branch.child, space) else { return nil }
      result.formUnion(own)
    }
    return result
  }
}

/// Which ways out go with which values of one field.
private struct FieldPlaces {
  private let pieces: [(interval: Interval, leaf: Int)]
  /// The ways out that go with every value.
  private let others: [Int]
  /// Whether pieces overlap, so that nothing can be found by halves.
  private let isCrossed: Bool

  /// More ways out than these are too many to be told one by one.
  private static let mostLeaves = 8

  init(_ values: [[Interval]?]) {
    var pieces: [(interval: Interval, leaf: Int)] = []
    var others: [Int] = []
    for (leaf, intervals) in values.enumerated() {
      guard let intervals else {
        others.append(leaf)
        continue
      }
      for interval in intervals { pieces.append((interval, leaf)) }
    }
    pieces.sort { $0.interval.lower < $1.interval.lower }
    isCrossed = zip(pieces, pieces.dropFirst()).contains {
      $0.interval.upper >= $1.interval.lower
    }
    self.pieces = pieces
    self.others = others
  }

  /// `nil` for many or all.
  func leaves(in values: Interval) -> [Int]? {
    if isCrossed { return nil }
    var (low, high) = (0, pieces.count)
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].interval.upper < values.lower { low = middle + 1 } else { high = middle }
    }
    var result = others
    while low < pieces.count, pieces[low].interval.lower <= values.upper {
      if result.count > Self.mostLeaves { return nil }
      result.append(pieces[low].leaf)
      low += 1
    }
    return result
  }
}
