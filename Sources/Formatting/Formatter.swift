import Diagnostics
package import Syntax

/// The policy in its canonical layout.
///
/// One statement a line, four spaces a level, single spaces between words, no more than one blank
/// line, LF. Comments stay where they are. A statement that is longer than 100 columns keeps its
/// author's line breaks; a `list` that is too long, holds comments or ends with a comma has one
/// entry a line. What the parser could not read stays as it is written.
///
/// The tokens that are not trivia are those of `tree`. A policy without errors that has been
/// formatted does not change when it is formatted again.
/// - Complexity: O(bytes).
package func format(_ tree: SyntaxTree) -> String {
  var formatter = Formatter(tree)
  formatter.run()
  return String(decoding: formatter.output, as: UTF8.self)
}

/// Writes a file line by line.
struct Formatter {
  let bytes: [UInt8]
  /// The tokens with the number of line ends before each, white space left out.
  let pieces: [Piece]
  let lines: [Line]
  private(set) var output: [UInt8] = []
  /// The index of the piece to write next.
  private var next = 0
  /// Whether the last line written opens a block, after which no blank line stands.
  private var isAtBlockStart = true
  /// Whether the last token written opens a block.
  private var isAtBrace = false

  init(_ tree: SyntaxTree) {
    bytes = tree.source.bytes
    pieces = Piece.pieces(of: tree)
    lines = Line.lines(of: tree)
    output.reserveCapacity(bytes.count)
  }

  mutating func run() {
    for line in lines {
      writeComments(before: line)
      if line.kind == .blockEnd, isAtBrace {
        next += 1
        write("}")
      } else {
        let isAfterBlank = pieces[next].isAfterBlank && line.kind != .blockEnd
        startLine(depth: line.depth, isAfterBlank: isAfterBlank)
        writeLine(line)
      }
      isAtBlockStart = line.kind == .blockStart
      isAtBrace = isAtBlockStart && output.last == UInt8(ascii: "{")
    }
    writeComments(before: Line(start: .max, depth: 0, kind: .statement))
    if !output.isEmpty { output.append(UInt8(ascii: "\n")) }
  }

  private mutating func writeLine(_ line: Line) {
    let pieces = pieces[next..<end(of: line)]
    next = pieces.endIndex
    if line.isVerbatim || pieces.contains(where: \.isGarbage) {
      writeVerbatim(pieces)
    } else {
      writeStatement(pieces, line)
    }
  }

  /// Writes the comments between two lines: one on the line above stays there.
  private mutating func writeComments(before line: Line) {
    let depth = line.kind == .blockEnd ? line.depth + 1 : line.depth
    while next < pieces.count, pieces[next].token.start < line.start {
      let piece = pieces[next]
      guard case .comment = piece.token.kind else { return }
      isAtBrace = false
      if piece.newlines == 0, !output.isEmpty {
        write("  ")
      } else {
        startLine(depth: depth, isAfterBlank: piece.isAfterBlank)
        isAtBlockStart = false
      }
      write(piece)
      next += 1
    }
  }

  private mutating func startLine(depth: Int, isAfterBlank: Bool) {
    if !output.isEmpty { output.append(UInt8(ascii: "\n")) }
    if isAfterBlank, !isAtBlockStart { output.append(UInt8(ascii: "\n")) }
    indent(depth)
  }

  private mutating func indent(_ depth: Int) {
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 4))
  }

  private mutating func writeVerbatim(_ pieces: ArraySlice<Piece>) {
    guard let first = pieces.first, let last = pieces.last else { return }
    output.append(contentsOf: bytes[Int(first.token.start)..<Int(last.end)])
  }

  private mutating func writeStatement(_ statement: ArraySlice<Piece>, _ line: Line) {
    let layout = StatementLayout(statement, line)
    for index in statement.indices {
      if index > statement.startIndex {
        write(layout.gap(from: statement[index - 1], to: statement[index]), line.depth)
      }
      write(statement[index])
    }
  }

  /// The index past the last token of a line; comments after it are not of the line.
  private func end(of line: Line) -> Int {
    var end = next
    var index = next
    while index < pieces.count, pieces[index].token.start < line.end {
      index += 1
      if pieces[index - 1].token.kind != .comment { end = index }
    }
    return end
  }

  private mutating func write(_ gap: Gap, _ depth: Int) {
    switch gap {
    case .none: break
    case .space: write(" ")
    case .twoSpaces: write("  ")
    case .newline(let levels):
      output.append(UInt8(ascii: "\n"))
      indent(depth + levels)
    case .blankLine(let levels):
      write("\n\n")
      indent(depth + levels)
    }
  }

  private mutating func write(_ text: StaticString) {
    output.append(contentsOf: text.description.utf8)
  }

  private mutating func write(_ piece: Piece) {
    output.append(contentsOf: bytes[Int(piece.token.start)..<Int(piece.end)])
  }
}
