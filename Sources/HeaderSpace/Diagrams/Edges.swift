/// The branches of a node while it is made: each from where the one before ends.
///
/// They lie in the store, behind those of the nodes that wait for this one, so that no list has to be
/// allocated for each. What is begun last becomes a node first.
struct Edges {
  /// Where the first one lies.
  fileprivate let start: Int
}

/// The branches of all nodes that are being made.
struct EdgeStack: Sendable {
  private(set) var uppers: [UInt128] = []
  private(set) var children: [Diagram] = []

  /// The branches of a new node, none so far.
  func newEdges() -> Edges { Edges(start: children.count) }

  /// Where the branches of the node that was begun last lie.
  func range(_ edges: Edges) -> Range<Int> { edges.start..<children.count }

  /// Goes on up to `upper` with `child`; what is equal becomes one branch.
  mutating func append(_ upper: UInt128, _ child: Diagram, to edges: Edges) {
    let last = children.count - 1
    if last >= edges.start, children[last] == child {
      uppers[last] = upper
    } else {
      uppers.append(upper)
      children.append(child)
    }
  }

  /// Forgets the branches of the node that was begun last.
  mutating func remove(_ edges: Edges) {
    uppers.removeLast(uppers.count - edges.start)
    children.removeLast(children.count - edges.start)
  }
}
