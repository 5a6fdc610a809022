/// All diagrams that are compared with each other: each different node once.
///
/// The fields of a header have an order, and a path through a diagram asks for them in that order.
/// A node has its branches sorted and no two neighbors alike, so equal functions are equal nodes.
package struct DiagramStore: Sendable {
  private struct Node: Sendable {
    let field: UInt32
    let start: UInt32
    let count: UInt32
  }

  /// The largest value of each field, in the order of the fields.
  package let limits: [UInt128]
  private var nodes: [Node] = []
  private var uppers: [UInt128] = []
  private var children: [Diagram] = []
  private var pending = EdgeStack()
  /// Open addressing: the index of a node plus 1, or 0.
  private var buckets: [UInt32]

  /// A store for headers with a field for each of `limits`, its largest value.
  package init(limits: [UInt128]) {
    self.limits = limits
    buckets = Array(repeating: 0, count: 1 << 12)
  }

  /// The number of different nodes so far.
  package var nodeCount: Int { nodes.count }

  /// The field that the diagram asks for first; the number of fields for constants.
  func field(_ diagram: Diagram) -> Int {
    diagram.isConstant ? limits.count : Int(nodes[Int(diagram.bits)].field)
  }

  func branchCount(_ diagram: Diagram) -> Int { Int(nodes[Int(diagram.bits)].count) }

  /// Where the branch at `index` ends.
  func upper(_ diagram: Diagram, _ index: Int) -> UInt128 {
    uppers[Int(nodes[Int(diagram.bits)].start) + index]
  }

  func child(_ diagram: Diagram, _ index: Int) -> Diagram {
    children[Int(nodes[Int(diagram.bits)].start) + index]
  }

  /// The branches of a node that is to be made, none so far.
  func newEdges() -> Edges { pending.newEdges() }

  /// Goes on up to `upper` with `child`; what is equal becomes one branch.
  ///
  /// - Requires: the nodes that were begun since are made.
  mutating func append(_ upper: UInt128, _ child: Diagram, to edges: Edges) {
    pending.append(upper, child, to: edges)
  }

  /// The node with these branches, or what all of them lead to.
  ///
  /// - Requires: the children ask for later fields only, the last branch ends at the limit, and the
  ///   nodes that were begun since are made.
  mutating func node(_ field: Int, _ edges: Edges) -> Diagram {
    defer { pending.remove(edges) }
    let range = pending.range(edges)
    if range.count == 1 { return pending.children[range.lowerBound] }
    if nodes.count * 2 >= buckets.count { grow() }
    var slot = hash(field, pending.uppers, pending.children, range) & (buckets.count - 1)
    while buckets[slot] != 0 {
      let index = Int(buckets[slot]) - 1
      if equals(index, field, range) { return Diagram(node: index) }
      slot = (slot + 1) & (buckets.count - 1)
    }
    buckets[slot] = UInt32(nodes.count + 1)
    nodes.append(
      Node(field: UInt32(field), start: UInt32(uppers.count), count: UInt32(range.count)))
    for index in range {
      uppers.append(pending.uppers[index])
      children.append(pending.children[index])
    }
    return Diagram(node: nodes.count - 1)
  }

  private func equals(_ index: Int, _ field: Int, _ range: Range<Int>) -> Bool {
    let node = nodes[index]
    guard node.field == UInt32(field), node.count == UInt32(range.count) else { return false }
    let start = Int(node.start) - range.lowerBound
    for edge in range
    where children[start + edge] != pending.children[edge]
      || uppers[start + edge] != pending.uppers[edge]
    {
      return false
    }
    return true
  }

  private func hash(
    _ field: Int, _ uppers: [UInt128], _ children: [Diagram], _ range: Range<Int>
  ) -> Int {
    var state = UInt64(truncatingIfNeeded: field) &* 0x9E37_79B9_7F4A_7C15
    for index in range {
      let upper = uppers[index]
      state = mixed(state, UInt64(truncatingIfNeeded: upper ^ upper >> 64))
      state = mixed(state, UInt64(children[index].bits))
    }
    return Int(truncatingIfNeeded: (state ^ state >> 31) & UInt64(Int.max))
  }

  private func mixed(_ state: UInt64, _ value: UInt64) -> UInt64 {
    let product = (state ^ value) &* 0xFF51_AFD7_ED55_8CCD
    return product ^ product >> 32
  }

  private mutating func grow() {
    var larger = Array<UInt32>(repeating: 0, count: buckets.count * 4)
    for index in nodes.indices {
      let node = nodes[index]
      let range = Int(node.start)..<Int(node.start + node.count)
      var slot = hash(Int(node.field), uppers, children, range) & (larger.count - 1)
      while larger[slot] != 0 { slot = (slot + 1) & (larger.count - 1) }
      larger[slot] = UInt32(index + 1)
    }
    buckets = larger
  }
}
