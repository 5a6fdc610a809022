package import Diagnostics

/// A whole policy file as read: every byte is in `tokens`, every statement in `declarations`.
package struct SyntaxTree: Sendable {
  package let source: SourceText
  /// Concatenated, the tokens' bytes are the file's.
  package let tokens: [Token]
  package let declarations: [Declaration]

  package init(source: SourceText, tokens: [Token], declarations: [Declaration]) {
    self.source = source
    self.tokens = tokens
    self.declarations = declarations
  }
}
