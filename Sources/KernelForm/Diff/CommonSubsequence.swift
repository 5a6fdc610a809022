/// Pairs of equal members, ascending on both sides: the longest such list, unless members repeat
/// more often than a search through all their pairs would pay for.
///
/// The way of Hunt and Szymanski (1977): the longest ascending run through the pairs of equals.
/// - Returns: indices into the arrays that the slices are of.
/// - Complexity: O(n log n).
package func commonSubsequence(
  _ old: ArraySlice<Int>, _ new: ArraySlice<Int>
) -> [(old: Int, new: Int)] {
  if old.isEmpty || new.isEmpty { return [] }
  var places: [Int: [Int]] = [:]
  for index in new.indices { places[new[index], default: []].append(index) }
  var runs = AscendingRuns()
  var seen: [Int: Int] = [:]
  for index in old.indices {
    guard let candidates = places[old[index]] else { continue }
    if candidates.count <= repetitionLimit {
      // Descending, so that no run takes two of them.
      for candidate in candidates.reversed() { runs.extend(by: (index, candidate)) }
    } else {
      let rank = seen[old[index], default: 0]
      seen[old[index]] = rank + 1
      if rank < candidates.count { runs.extend(by: (index, candidates[rank])) }
    }
  }
  return runs.longest
}

/// Members that occur more often are paired first with first, second with second.
private let repetitionLimit = 16

/// The ascending runs through pairs, one of each length: that which ends lowest.
private struct AscendingRuns {
  private struct Step {
    let pair: (old: Int, new: Int)
    let previous: Int?
  }

  private var steps: [Step] = []
  /// For each length the step that ends the run.
  private var ends: [Int] = []

  mutating func extend(by pair: (old: Int, new: Int)) {
    var lower = 0
    var upper = ends.count
    while lower < upper {
      let middle = (lower + upper) / 2
      if steps[ends[middle]].pair.new < pair.new { lower = middle + 1 } else { upper = middle }
    }
    steps.append(Step(pair: pair, previous: lower > 0 ? ends[lower - 1] : nil))
    if lower == ends.count {
      ends.append(steps.count - 1)
    } else {
      ends[lower] = steps.count - 1
    }
  }

  var longest: [(old: Int, new: Int)] {
    var result: [(old: Int, new: Int)] = []
    var step = ends.last
    while let index = step {
      result.append(steps[index].pair)
      step = steps[index].previous
    }
    return result.reversed()
  }
}
