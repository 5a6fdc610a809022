/// A place among the branches of a diagram by one field; a diagram that does not ask for the field
/// is one branch.
struct BranchCursor {
  fileprivate let diagram: Diagram
  fileprivate let splits: Bool
  fileprivate var index = 0
  fileprivate(set) var upper: UInt128
  fileprivate(set) var child: Diagram
}

extension DiagramStore {
  /// The first branch.
  func cursor(_ diagram: Diagram, _ field: Int) -> BranchCursor {
    let splits = self.field(diagram) == field
    return BranchCursor(
      diagram: diagram, splits: splits, upper: splits ? upper(diagram, 0) : limits[field],
      child: splits ? child(diagram, 0) : diagram)
  }

  /// Goes on to the branch that has the value after `end`.
  ///
  /// - Requires: the field has such a value.
  /// - Complexity: O(log of the branches passed).
  func move(_ cursor: inout BranchCursor, behind end: UInt128) {
    guard cursor.splits, cursor.upper <= end else { return }
    let diagram = cursor.diagram
    var step = 1
    let last = branchCount(diagram) - 1
    var low = cursor.index + 1
    while low + step <= last, upper(diagram, low + step - 1) <= end {
      low += step
      step *= 2
    }
    var high = min(low + step, last)
    while low < high {
      let middle = (low + high) / 2
      if upper(diagram, middle) <= end { low = middle + 1 } else { high = middle }
    }
    cursor.index = low
    cursor.upper = upper(diagram, low)
    cursor.child = child(diagram, low)
  }
}
