import Diagnostics

/// Columns of text under headings, as wide as what stands in them.
struct FlowTable {
  private var rows: [[String]]

  init(_ headings: [String]) { rows = [headings] }

  mutating func append(_ row: [String]) { rows.append(row.map(VisibleText.escaped)) }

  /// Wide cells push the rest of their line to the right; columns are never wider than `limit`.
  func text(indent: String, limit: Int = 44) -> [String] {
    let widths = rows[0].indices.map { column in
      rows.map { $0[column].count }.filter { $0 <= limit }.max() ?? limit
    }
    return rows.map { row in
      var line = indent
      for (column, cell) in row.enumerated() {
        line += cell
        if column + 1 < row.count {
          line += String(repeating: " ", count: max(0, widths[column] - cell.count) + 2)
        }
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
