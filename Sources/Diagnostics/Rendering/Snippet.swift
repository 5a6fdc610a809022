/// One source line and the part of it that a diagnostic is about, ready for a terminal.
struct Snippet: Hashable, Sendable {
  /// The line, or a window of it where it is long.
  let text: String
  /// Cells before the underline.
  let indent: Int
  /// Cells of the underline: at least 1.
  let length: Int

  private static let ellipsis = VisibleText.Cell(text: "…", width: 1, byteCount: 0)

  /// Shows `marked` of `line`, both ranges of `bytes`, in at most about `width` cells.
  ///
  /// - Requires: `marked` lies within `line`, its ends included.
  /// - Complexity: O(width): of a long line only the window is looked at.
  init(line: Range<Int>, marked: Range<Int>, of bytes: [UInt8], width: Int) {
    let room = max(width, 20)
    if line.count <= room, bytes[line].allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
      // Nearly every line: a cell for each byte.
      text = String(decoding: bytes[line], as: UTF8.self)
      indent = marked.lowerBound - line.lowerBound
      length = max(1, marked.count)
      return
    }
    let context = room / 4
    // No scalar takes fewer cells than a quarter of its bytes, combining marks aside.
    let from = Self.aligned(max(line.lowerBound, marked.lowerBound - room * 4), line, bytes)
    let to = Self.aligned(min(line.upperBound, marked.lowerBound + room * 4), line, bytes)
    let end = min(marked.upperBound, to)
    var before = VisibleText.cells(bytes[from..<marked.lowerBound])
    let inside = VisibleText.cells(bytes[marked.lowerBound..<end])
    let after = VisibleText.cells(bytes[end..<to])

    let total = Self.width(before) + Self.width(inside) + Self.width(after)
    if from > line.lowerBound || (total > room && Self.width(before) > context) {
      let wanted = max(context, room - Self.width(inside) - Self.width(after))
      before = [Self.ellipsis] + Self.suffix(of: before, within: wanted - 1)
    }
    let space = room - Self.width(before)
    let shown = Self.prefix(of: inside, within: space)
    let rest = Self.prefix(of: after, within: space - Self.width(shown))
    let isCut = shown.count < inside.count || rest.count < after.count || to < line.upperBound
    text = (before + shown + rest + (isCut ? [Self.ellipsis] : [])).reduce(into: "") {
      $0 += $1.text
    }
    indent = Self.width(before)
    length = max(1, Self.width(shown))
  }

  private static func width(_ cells: [VisibleText.Cell]) -> Int {
    cells.reduce(0) { $0 + $1.width }
  }

  private static func prefix(of cells: [VisibleText.Cell], within room: Int) -> [VisibleText.Cell] {
    var used = 0
    return Array(
      cells.prefix {
        used += $0.width
        return used <= room
      })
  }

  private static func suffix(of cells: [VisibleText.Cell], within room: Int) -> [VisibleText.Cell] {
    prefix(of: cells.reversed(), within: room).reversed()
  }

  /// The nearest offset at or before `offset` where a scalar of at most four bytes starts.
  private static func aligned(_ offset: Int, _ line: Range<Int>, _ bytes: [UInt8]) -> Int {
    guard line.contains(offset) else { return offset }
    let candidates = max(line.lowerBound, offset - 3)...offset
    return candidates.last { bytes[$0] & 0xC0 != 0x80 } ?? offset
  }
}
