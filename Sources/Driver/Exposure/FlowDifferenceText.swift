import Diagnostics

/// What changes for connections, for people: a line for each group of them.
///
/// Nothing is written where there is nothing to tell.
package struct FlowDifferenceText: Sendable {
  package private(set) var text = ""
  private let isColored: Bool

  package init(_ report: FlowDifferenceReport, isColored: Bool = false) {
    self.isColored = isColored
    if report.same { return }
    write("--- \(report.before)", code: "1")
    write("+++ \(report.after)", code: "1")
    for flow in report.closed { write("- \(Self.words(flow))", code: "31") }
    for flow in report.opened { write("+ \(Self.words(flow))", code: "32") }
    for change in report.changed { write("! \(Self.words(change))", code: "33") }
  }

  private mutating func write(_ line: String, code: String) {
    let line = VisibleText.escaped(line)
    text += isColored ? "\u{1B}[\(code)m\(line)\u{1B}[0m\n" : line + "\n"
  }

  private static func words(_ flow: FlowRecord) -> String {
    flowWords(flow) + terms(flow.target, flow.conditions, flow.seenSource) + note(flow)
  }

  private static func flowWords(_ flow: FlowRecord) -> String {
    let ends =
      "\(flow.from.joined(separator: ", ")) -> \(flow.to.joined(separator: ", "))"
    let family = flow.families.count == 1 ? " (\(flow.families[0]))" : ""
    return "\(ends) \(flow.services.joined(separator: ", "))\(family)"
  }

  private static func terms(
    _ target: String?, _ conditions: [String], _ seenSource: String?
  ) -> String {
    (target.map { ", to \($0)" } ?? "") + conditions.map { ", within \($0)" }.joined()
      + (seenSource.map { ", as \($0)" } ?? "")
  }

  private static func words(_ change: FlowDifferenceReport.Change) -> String {
    let (before, after) = (change.before, change.after)
    let old = terms(before.target, before.conditions, before.seenSource)
    let new = terms(after.target, after.conditions, after.seenSource)
    return "\(flowWords(after)): \(plain(old)) -> \(plain(new))" + note(after)
  }

  private static func plain(_ terms: String) -> String {
    terms.isEmpty ? "directly" : String(terms.dropFirst(2))
  }

  private static func note(_ flow: FlowRecord) -> String {
    flow.decision.isEmpty ? "" : "  # \(flow.decision)"
  }
}
