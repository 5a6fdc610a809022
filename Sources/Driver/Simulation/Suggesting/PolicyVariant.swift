import Diagnostics
import Syntax

/// A policy with one change, to be compiled and tried.
struct PolicyVariant {
  /// Changes of the text, of one file.
  var edits: [TextEdit] = []
  /// Lines of the top level to add.
  var lines: [String] = []

  /// The files of a policy with the change.
  ///
  /// - Complexity: O(bytes of the file that changes); other trees are kept.
  func applied(to read: PolicySources) -> PolicySources {
    var result = read
    result.sources = SourceMap()
    result.trees = []
    result.log = DiagnosticLog()
    let trees = Dictionary(read.trees.map { ($0.source.file, $0) }) { first, _ in first }
    for source in read.sources.files {
      let own = edits.filter { $0.span.file == source.file }
      let file = result.sources.add(name: source.name, bytes: source.bytes.edited(own))
      guard let tree = trees[source.file] else { continue }
      let text = result.sources[file]
      result.trees.append(
        own.isEmpty
          ? SyntaxTree(source: text, declarations: tree.declarations)
          : parse(text, log: &result.log))
    }
    if !lines.isEmpty {
      // Order and files change no meaning, so that a file of its own will do.
      let text = lines.joined(separator: "\n")
      let file = result.sources.add(name: "<line>", bytes: Array(text.utf8))
      result.trees.append(parse(result.sources[file], log: &result.log))
    }
    return result
  }
}

extension [UInt8] {
  /// The bytes with `edits`, which do not overlap.
  fileprivate func edited(_ edits: [TextEdit]) -> [UInt8] {
    var result = self
    for edit in edits.sorted(by: { $0.span.start > $1.span.start }) {
      let range = Int(edit.span.start)..<Int(edit.span.end)
      result.replaceSubrange(range, with: edit.replacement.utf8)
    }
    return result
  }
}
