/// How text appears on a terminal: what each scalar is shown as, and how many cells that takes.
///
/// Nothing that a policy holds reaches the terminal as a control: not escape sequences, not
/// characters that reorder or hide their neighbors.
package enum VisibleText {
  /// One scalar as shown.
  struct Cell: Hashable, Sendable {
    let text: String
    /// Terminal cells: 0 for combining marks, 2 for wide characters.
    let width: Int
    /// The bytes that the scalar takes in the source.
    let byteCount: Int
  }

  /// The cells of `bytes`; a byte that is not of UTF-8 is one cell.
  static func cells(_ bytes: ArraySlice<UInt8>) -> [Cell] {
    var cells: [Cell] = []
    var rest = bytes
    while let first = rest.first {
      var decoder = UTF8()
      var iterator = rest.makeIterator()
      switch first < 0x80 ? .scalarValue(Unicode.Scalar(first)) : decoder.decode(&iterator) {
      case .scalarValue(let scalar):
        cells.append(cell(scalar))
      case .error, .emptyInput:
        cells.append(Cell(text: "\u{FFFD}", width: 1, byteCount: 1))
      }
      rest = rest.dropFirst(cells[cells.count - 1].byteCount)
    }
    return cells
  }

  /// `text` with every control made visible, tabs as four spaces.
  package static func escaped(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    return text.unicodeScalars.reduce(into: "") { $0 += cell($1).text }
  }

  private static func cell(_ scalar: Unicode.Scalar) -> Cell {
    let size = UTF8.width(scalar)
    switch scalar.value {
    case 0x20..<0x7F:
      return Cell(text: String(scalar), width: 1, byteCount: size)
    case 0x09:
      return Cell(text: "    ", width: 4, byteCount: size)
    case 0..<0x20:
      return Cell(text: picture(0x2400 + scalar.value), width: 1, byteCount: size)
    case 0x7F:
      return Cell(text: picture(0x2421), width: 1, byteCount: size)
    case let value where isHidden(value):
      let text = "<U+" + String(value, radix: 16, uppercase: true) + ">"
      return Cell(text: text, width: text.utf8.count, byteCount: size)
    case let value:
      return Cell(text: String(scalar), width: width(of: value, scalar), byteCount: size)
    }
  }

  /// Unicode's "Control Pictures" block shows each C0 control as one character.
  private static func picture(_ value: UInt32) -> String {
    Unicode.Scalar(value).map(String.init) ?? "\u{FFFD}"
  }

  /// C1 controls, bidirectional controls, zero-width characters and the byte order mark.
  private static func isHidden(_ value: UInt32) -> Bool {
    switch value {
    case 0x80...0x9F, 0xAD, 0x061C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,
      0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
      true
    default: false
    }
  }

  private static func width(of value: UInt32, _ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // The blocks that UAX #11 lists as wide or fullwidth.
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
      0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
