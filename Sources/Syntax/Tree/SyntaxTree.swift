package import Diagnostics

/// A whole policy file as read: every byte is in `tokens`, every statement in `declarations`.
package struct SyntaxTree: Sendable {
  package let source: SourceText
  package let declarations: [Declaration]

  package init(source: SourceText, declarations: [Declaration]) {
    self.source = source
    self.declarations = declarations
  }

  /// Concatenated, the tokens' bytes are the file's.
  ///
  /// They are read anew, so that a compilation, which needs no trivia, does not carry them.
  /// - Complexity: O(bytes).
  package var tokens: [Token] { tokenize(source) }
}
