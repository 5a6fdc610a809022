package import Diagnostics

/// `network NAME { STATEMENTS }`
package struct NetworkDeclaration: Hashable, Sendable {
  package let name: Identifier
  package let statements: [Statement]
  package let span: SourceSpan

  package init(name: Identifier, statements: [Statement], at span: SourceSpan) {
    self.name = name
    self.statements = statements
    self.span = span
  }
}
