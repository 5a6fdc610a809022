/// A text with a title, to be shown beside others.
struct Column {
  let title: String
  let lines: [String]

  init(_ title: String, _ text: String) {
    self.title = title
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).replacing("\t", with: "  ") }
  }

  /// The title, a rule below it and the lines, none longer than `width`.
  func wrapped(to width: Int) -> [String] {
    let rule = String(repeating: "-", count: width)
    return ([title] + [rule] + lines).flatMap { Self.wrapped($0, to: width) }
  }

  private static func wrapped(_ line: String, to width: Int) -> [String] {
    let indent = String(line.prefix { $0 == " " }) + "    "
    var pieces: [String] = []
    var rest = line
    while rest.count > width {
      let room = rest.prefix(width)
      let cut = room.lastIndex(of: " ").map { room.distance(from: room.startIndex, to: $0) } ?? 0
      let length = cut > indent.count ? cut : width
      pieces.append(String(rest.prefix(length)))
      rest = indent + rest.dropFirst(length).drop { $0 == " " }
    }
    return pieces + [rest]
  }
}

/// The texts in columns where the terminal is wide enough, and below each other elsewhere.
func sideBySide(_ columns: [Column], width: Int) -> String {
  guard width >= 150 else {
    return columns.map { column in
      ([column.title, ""] + column.lines).joined(separator: "\n") + "\n\n"
    }.joined()
  }
  let gap = " | "
  let first = columns.first.map { min(48, $0.lines.map(\.count).max() ?? 0) } ?? 0
  let others = (width - first - gap.count * (columns.count - 1)) / max(1, columns.count - 1)
  let blocks = columns.enumerated().map { index, column in
    column.wrapped(to: index == 0 ? first : others)
  }
  let height = blocks.map(\.count).max() ?? 0
  let rows = (0..<height).map { row in
    blocks.enumerated().map { index, block in
      padded(row < block.count ? block[row] : "", to: index == 0 ? first : others)
    }.joined(separator: gap)
  }
  return rows.map { $0.trimmingSuffix(" ") + "\n" }.joined() + "\n"
}

/// `text` with blanks behind it, `width` characters in all.
func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

extension String {
  func trimmingSuffix(_ character: Character) -> String {
    var text = self
    while text.last == character { text.removeLast() }
    return text
  }
}
