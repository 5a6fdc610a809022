/// A place where two chains differ: lines of the one, and what stands in their place in the other.
package struct LineHunk: Hashable, Sendable {
  /// Indices into the lines of the chain as it is.
  package let old: Range<Int>
  /// Indices into the lines of the chain as it is wanted.
  package let new: Range<Int>
}

extension OwnChain {
  /// Where `wanted` differs, from the first place to the last; between them the lines are equal.
  ///
  /// - Complexity: linear in the lines; what differs is looked at closely only while that is cheap.
  package func hunks(to wanted: OwnChain) -> [LineHunk] {
    let shorter = min(lines.count, wanted.lines.count)
    var start = 0
    while start < shorter, lines[start] == wanted.lines[start] { start += 1 }
    var tail = 0
    while tail < shorter - start,
      lines[lines.count - 1 - tail] == wanted.lines[wanted.lines.count - 1 - tail]
    {
      tail += 1
    }
    let old = start..<(lines.count - tail)
    let new = start..<(wanted.lines.count - tail)
    if old.isEmpty && new.isEmpty { return [] }
    guard !old.isEmpty, !new.isEmpty, old.count <= closeLimit, new.count <= closeLimit else {
      return [LineHunk(old: old, new: new)]
    }
    return Self.hunks(lines[old], wanted.lines[new])
  }

  private static func hunks(
    _ old: ArraySlice<OwnLine>, _ new: ArraySlice<OwnLine>
  ) -> [LineHunk] {
    let difference = Array(new).difference(from: Array(old))
    let removed = Set(
      difference.removals.map { change -> Int in
        if case .remove(let offset, _, _) = change { offset + old.startIndex } else { -1 }
      })
    let added = Set(
      difference.insertions.map { change -> Int in
        if case .insert(let offset, _, _) = change { offset + new.startIndex } else { -1 }
      })
    var result: [LineHunk] = []
    var (left, right) = (old.startIndex, new.startIndex)
    while left < old.endIndex || right < new.endIndex {
      let (firstOld, firstNew) = (left, right)
      while left < old.endIndex, removed.contains(left) { left += 1 }
      while right < new.endIndex, added.contains(right) { right += 1 }
      if left == firstOld, right == firstNew {
        (left, right) = (left + 1, right + 1)
      } else {
        result.append(LineHunk(old: firstOld..<left, new: firstNew..<right))
      }
    }
    return result
  }
}

/// Above so many lines a stretch that differs is one hunk: looking closer costs their square.
private let closeLimit = 1000
