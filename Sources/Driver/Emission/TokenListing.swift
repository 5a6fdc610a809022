package import Diagnostics
package import Syntax

/// The tokens of a file, one a line: place, kind, text.
package func tokenListing(_ tree: SyntaxTree, sources: SourceMap) -> String {
  let lines = sources.lines(of: tree.source.file)
  var text = "\(VisibleText.escaped(tree.source.name))\n"
  for token in tree.tokens {
    let place = lines.position(of: token.start)
    let span = SourceSpan(file: tree.source.file, start: token.start, end: token.end)
    let bytes = VisibleText.escaped(tree.source.text(span))
    text += "\(place.line):\(place.column)\t\(name(of: token.kind))\t\(bytes)\n"
  }
  return text
}

private func name(of kind: TokenKind) -> String {
  if case .keyword = kind { "keyword" } else { "\(kind)" }
}
