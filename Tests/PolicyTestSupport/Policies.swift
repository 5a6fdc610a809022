package import Diagnostics
package import Syntax

/// A policy's text as a file.
package func source(_ text: String) -> SourceText { source(Array(text.utf8)) }

/// Bytes as a file.
package func source(_ bytes: [UInt8]) -> SourceText {
  SourceText(name: "test.ward", file: 0, bytes: bytes)
}

/// The tree of a text, and what was said of it, in the order of its places.
package func parsed(_ text: String) -> (tree: SyntaxTree, findings: [Diagnostic]) {
  parsed(source(text))
}

/// The tree of a file, and what was said of it, in the order of its places.
package func parsed(_ source: SourceText) -> (tree: SyntaxTree, findings: [Diagnostic]) {
  var log = DiagnosticLog()
  let tree = parse(source, log: &log)
  return (tree, log.sorted)
}

/// What of a file is not trivia: kinds and texts.
package func skeleton(_ source: SourceText) -> [String] {
  tokenize(source).filter { !$0.kind.isTrivia }.map { token in
    let span = SourceSpan(file: source.file, start: token.start, end: token.end)
    return "\(token.kind) \(source.text(span))"
  }
}
