/// Where a span lies, as people and editors count: lines and columns from 1, columns in Unicode
/// scalars; offsets in UTF-8 bytes from 0.
package struct Location: Hashable, Sendable, Encodable {
  /// One end of a place; line and column from 1, the offset in bytes from 0.
  package struct Point: Hashable, Sendable, Encodable {
    package let line: Int
    package let column: Int
    package let offset: Int
  }

  package let file: String
  package let start: Point
  /// Just past the last scalar.
  package let end: Point
}

/// Turns the spans of one compilation into locations.
package struct Locator: Sendable {
  let sources: SourceMap
  private let scalars: [ScalarIndex]

  /// - Complexity: O(bytes of all files).
  package init(_ sources: SourceMap) {
    self.sources = sources
    self.scalars = sources.files.map { ScalarIndex($0.bytes) }
  }

  /// - Requires: `span` is of a file of the compilation.
  /// - Complexity: O(log lines).
  package func location(of span: SourceSpan) -> Location {
    Location(
      file: sources[span.file].name, start: point(span.start, in: span.file),
      end: point(span.end, in: span.file))
  }

  private func point(_ offset: UInt32, in file: UInt32) -> Location.Point {
    let position = sources.lines(of: file).position(of: offset)
    let lineStart = Int(offset) - (position.column - 1)
    let column = scalars[Int(file)].count(
      in: lineStart..<Int(offset), of: sources[file].bytes)
    return Location.Point(line: position.line, column: column + 1, offset: Int(offset))
  }

  /// Whether `span` stands for its file as a whole: an empty span at the very start.
  static func isWholeFile(_ span: SourceSpan) -> Bool { span.start == 0 && span.end == 0 }
}
