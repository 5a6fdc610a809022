/// Finds the name that the author most likely meant.
struct NameSuggestion {
  /// The nearest name so far; of equally near ones the first in byte order.
  private(set) var best: String?
  private let wanted: [UInt8]
  private var distance: Int

  /// Only names within a third of the length of `wanted` count, and at least one slip.
  init(for wanted: String) {
    self.wanted = Array(wanted.utf8)
    distance = max(1, min(3, self.wanted.count / 3))
  }

  mutating func consider(_ name: String) {
    guard abs(name.utf8.count - wanted.count) <= distance else { return }
    let found = editDistance(to: Array(name.utf8))
    guard found > 0, found <= distance else { return }
    if found == distance, let best, best <= name { return }
    best = name
    distance = found
  }

  /// Counts insertions, deletions, replacements and swaps of neighbors (optimal string alignment).
  private func editDistance(to other: [UInt8]) -> Int {
    var beforePrevious = [Int](repeating: 0, count: other.count + 1)
    var previous = Array(0...other.count)
    for (row, byte) in wanted.enumerated() {
      var current = [row + 1]
      for (column, candidate) in other.enumerated() {
        var cost = min(previous[column + 1], current[column]) + 1
        cost = min(cost, previous[column] + (folded(byte) == folded(candidate) ? 0 : 1))
        if row > 0, column > 0, byte == other[column - 1], wanted[row - 1] == candidate {
          cost = min(cost, beforePrevious[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforePrevious, previous) = (previous, current)
    }
    let result = previous[other.count]
    return result == 0 && wanted != other ? 1 : result
  }

  private func folded(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte + 32 : byte
  }
}
