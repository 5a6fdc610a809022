package import Diagnostics

/// The flow that a text is: what `expect` lines have after their verb. `nil` if `log` then says why
/// it is none.
///
/// - Complexity: O(bytes).
package func parseFlow(_ source: SourceText, log: inout DiagnosticLog) -> AccessStatement? {
  checkText(source, log: &log)
  if log.hasErrors { return nil }
  var parser = Parser(source, end: "the end")
  let statement = parser.soleFlow()
  log.add(contentsOf: parser.log)
  return parser.log.hasErrors ? nil : statement
}

extension Parser {
  /// A flow and nothing else.
  fileprivate mutating func soleFlow() -> AccessStatement? {
    do throws(SyntaxFailure) {
      let flow = try flow()
      if atEnd { return AccessStatement(verb: .allow, flow: flow, at: flow.span) }
      if !reportsUnknownTransport(in: flow) { _ = fail("the end of the flow") }
    } catch {
      // The reason has been reported.
    }
    return nil
  }

  /// A number after a name that should have been a protocol; no service has a port behind it.
  private mutating func reportsUnknownTransport(in flow: FlowSyntax) -> Bool {
    guard current.kind == .integer || current.kind == .integerRange,
      case .name(let name)? = flow.match?.items.last, name.span.end == previousEnd
    else { return false }
    let words = Keyword.allCases.filter { if case .transport = $0.role { true } else { false } }
    let meant = Spelling.nearest(to: name.text, among: words)
    report(.unknownTransport(name, meant: meant))
    return true
  }
}

extension Diagnostic {
  /// A name that no protocol has stands before a port.
  fileprivate static func unknownTransport(_ name: Identifier, meant: Keyword?) -> Diagnostic {
    let notes = meant.map { [Note("did you mean `\($0.rawValue)`?")] }
    return Diagnostic(
      .syntaxError, "expected a protocol before the port, found `\(name.text)`", at: name.span,
      notes: notes ?? [Note("protocols with ports are `tcp`, `udp`, `sctp`, `dccp` and `udplite`")],
      fixIts: [])
  }
}
