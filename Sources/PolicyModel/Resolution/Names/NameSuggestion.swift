/// Finds the name that the author most likely meant.
struct NameSuggestion {
  /// The nearest name so far; of equally near ones the first in byte order.
  private(set) var best: String?
  private let wanted: [UInt8]
  private var distance: Int
  /// The three rows of the table that the last steps need.
  private var rows: [[Int]]

  /// Only names within a third of the length of `wanted` count, and at least one slip.
  init(for wanted: String) {
    self.wanted = Array(wanted.utf8)
    distance = max(1, min(3, self.wanted.count / 3))
    rows = [[Int]](repeating: [Int](repeating: 0, count: self.wanted.count + 1), count: 3)
  }

  mutating func consider(_ name: String) {
    guard abs(name.utf8.count - wanted.count) <= distance else { return }
    guard let found = editDistance(to: name.utf8), found <= distance else { return }
    if found == distance, let best, best <= name { return }
    best = name
    distance = found
  }

  /// Counts insertions, deletions, replacements and swaps of neighbors (optimal string alignment);
  /// letters that differ in case only count as one slip in all. `nil` for the same text, and where
  /// there are more slips than matter.
  private mutating func editDistance(to other: String.UTF8View) -> Int? {
    for column in rows[2].indices { rows[2][column] = column }
    var previous: UInt8?
    for (row, byte) in other.enumerated() {
      rows = [rows[1], rows[2], rows[0]]
      rows[2][0] = row + 1
      var least = row + 1
      for column in wanted.indices {
        least = min(least, step(column, byte, previous))
      }
      if least > distance { return nil }
      previous = byte
    }
    let result = rows[2][wanted.count]
    if result > 0 { return result }
    return wanted.elementsEqual(other) ? nil : 1
  }

  /// Fills one place of the last row.
  private mutating func step(_ column: Int, _ byte: UInt8, _ previous: UInt8?) -> Int {
    let isSame = folded(wanted[column]) == folded(byte)
    var cost = min(rows[1][column + 1], rows[2][column]) + 1
    cost = min(cost, rows[1][column] + (isSame ? 0 : 1))
    if column > 0, let previous, wanted[column] == previous, wanted[column - 1] == byte {
      cost = min(cost, rows[0][column - 1] + 1)
    }
    rows[2][column + 1] = cost
    return cost
  }

  private func folded(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte + 32 : byte
  }
}
