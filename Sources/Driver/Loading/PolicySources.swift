package import Diagnostics
package import Syntax

/// The files of one policy, read and parsed, those that others include too.
package struct PolicySources: Sendable {
  package var sources = SourceMap()
  package var trees: [SyntaxTree] = []
  package var log = DiagnosticLog()
  /// Whether every file that belongs to the policy could be read as text: without the others, a
  /// name that is missing says nothing.
  package var isComplete = true

  package init() {}

  /// Adds a file by what it says, as an editor holds it; what it includes is not followed.
  package mutating func add(name: String, bytes: [UInt8]) {
    parse(sources.add(name: name, bytes: bytes))
  }

  /// Parses a file; `nil` where it is no text.
  @discardableResult
  mutating func parse(_ file: UInt32) -> SyntaxTree? {
    let (tree, findings) = SyntaxTree.checked(sources[file])
    log.add(contentsOf: findings)
    if let tree { trees.append(tree) } else { isComplete = false }
    return tree
  }
}
