import Diagnostics
import Syntax

extension Diagnostic {
  static func noSourceLeft(_ node: AccessStatement) -> Diagnostic {
    Diagnostic(
      .flowImpossible, "nothing is both in the flow's sources and in its `from`",
      at: node.flow.span)
  }

  static func uselessException(_ text: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .flowExceptUseless, "`except \(text)` cuts nothing: `\(text)` is on neither side of the flow",
      at: span)
  }
}
