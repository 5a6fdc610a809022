package import Diagnostics

/// What a line does with a flow.
package enum AccessVerb: String, CaseIterable, Hashable, Sendable {
  case allow, deny, reject
}

/// `allow FLOW`, `deny FLOW` or `reject FLOW`; `default` and `expect` share its shape.
package struct AccessStatement: Hashable, Sendable {
  package let verb: AccessVerb
  package let flow: FlowSyntax
  package let span: SourceSpan

  package init(verb: AccessVerb, flow: FlowSyntax, at span: SourceSpan) {
    self.verb = verb
    self.flow = flow
    self.span = span
  }
}
