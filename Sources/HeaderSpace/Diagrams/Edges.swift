/// The branches of a node while it is made: each from where the one before ends.
struct Edges {
  private(set) var uppers: [UInt128] = []
  private(set) var children: [Diagram] = []

  /// The edges that a node of so many is made of at most.
  init(capacity: Int = 4) {
    uppers.reserveCapacity(capacity)
    children.reserveCapacity(capacity)
  }

  /// Goes on up to `upper` with `child`; what is equal becomes one branch.
  mutating func append(_ upper: UInt128, _ child: Diagram) {
    if let last = children.last, last == child {
      uppers[uppers.count - 1] = upper
    } else {
      uppers.append(upper)
      children.append(child)
    }
  }

  var count: Int { children.count }
}
