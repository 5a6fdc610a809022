/// The files of one compilation, by the index that spans carry.
package struct SourceMap: Sendable {
  package private(set) var files: [SourceText] = []
  private var lineTables: [LineTable] = []

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

  /// Where `span` starts: `file:line`, the form that rule comments use.
  package func lineDescription(_ span: SourceSpan) -> String {
    let line = lineTables[Int(span.file)].position(of: span.start).line
    return "\(files[Int(span.file)].name):\(line)"
  }
}
