/// The offsets at which the lines of a file start.
package struct LineTable: Sendable {
  private let starts: [UInt32]
  private let size: UInt32

  /// A place as people count it: both from 1, the column in UTF-8 bytes.
  package struct Position: Hashable, Sendable {
    package let line: Int
    package let column: Int
  }

  /// - Complexity: O(bytes).
  package init(_ bytes: [UInt8]) {
    let span = bytes.span
    var starts: [UInt32] = []
    // Counting them beforehand takes longer than to make room once more where lines are shorter.
    starts.reserveCapacity(bytes.count / 24 + 1)
    starts.append(0)
    span.forEachIndex(of: UInt8(ascii: "\n")) { index in
      starts.append(UInt32(truncatingIfNeeded: index &+ 1))
    }
    self.starts = starts
    self.size = UInt32(bytes.count)
  }

  /// The number of lines; a final line feed starts no line of its own.
  package var count: Int {
    starts.count > 1 && starts[starts.count - 1] == size ? starts.count - 1 : starts.count
  }

  /// The line and column of an offset; one past the end is the end.
  ///
  /// - Complexity: O(log lines).
  package func position(of offset: UInt32) -> Position {
    let line = line(of: offset)
    return Position(line: line, column: Int(offset - starts[line - 1]) + 1)
  }

  /// The line of an offset, from 1.
  ///
  /// - Complexity: O(log lines).
  package func line(of offset: UInt32) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The line of an offset, from 1, if it is `line` or one of the next two.
  package func line(of offset: UInt32, from line: Int) -> Int? {
    guard starts[line - 1] <= offset else { return nil }
    for candidate in line...line + 2 where candidate >= starts.count || offset < starts[candidate] {
      return min(candidate, starts.count)
    }
    return nil
  }

  /// The offsets of line `line` (from 1), its line feed excluded.
  package func range(ofLine line: Int) -> Range<Int> {
    let start = Int(starts[line - 1])
    let end = line < starts.count ? Int(starts[line]) - 1 : Int(size)
    return start..<max(start, end)
  }
}
