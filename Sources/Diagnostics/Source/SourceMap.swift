/// The files of one compilation, by the index that spans carry.
package struct SourceMap: Sendable {
  package private(set) var files: [SourceText] = []
  fileprivate var lineTables: [LineTable] = []

  package init() {}

  /// Adds a file and returns its index.
  package mutating func add(name: String, bytes: [UInt8]) -> UInt32 {
    let file = UInt32(files.count)
    files.append(SourceText(name: name, file: file, bytes: bytes))
    lineTables.append(LineTable(bytes))
    return file
  }

  /// The file of this index.
  package subscript(file: UInt32) -> SourceText { files[Int(file)] }

  /// The lines of a file.
  package func lines(of file: UInt32) -> LineTable { lineTables[Int(file)] }

  /// The name of the file of `span`.
  package func name(of span: SourceSpan) -> String { files[Int(span.file)].name }

  /// The line that `span` starts on, counted from 1.
  ///
  /// - Complexity: O(log lines).
  package func line(of span: SourceSpan) -> UInt32 {
    UInt32(lineTables[Int(span.file)].line(of: span.start))
  }
}

/// Finds the lines of spans; it costs next to nothing where each is near the one before, as the
/// statements of a file are.
package struct LineFinder: Sendable {
  private let sources: SourceMap
  private var file: UInt32 = 0
  private var line = 1

  package init(_ sources: SourceMap) { self.sources = sources }

  /// The line that `span` starts on, counted from 1.
  ///
  /// - Complexity: O(log lines) where it is not near the last.
  package mutating func line(of span: SourceSpan) -> UInt32 {
    let isSameFile = span.file == file
    let near = isSameFile ? sources.lineTables[Int(file)].line(of: span.start, from: line) : nil
    line = near ?? sources.lineTables[Int(span.file)].line(of: span.start)
    file = span.file
    return UInt32(line)
  }
}
