import Diagnostics
import Syntax

extension SyntaxTree {
  /// The tree of a file, and what is wrong with it; no tree where the file is no text.
  static func checked(_ source: SourceText) -> (tree: SyntaxTree?, log: DiagnosticLog) {
    var log = DiagnosticLog()
    checkText(source, log: &log)
    let isText = !log.sorted.contains { $0.id == .textEncoding }
    return (isText ? parse(source, log: &log) : nil, log)
  }
}
