import Diagnostics

/// A comparison for people: in the form of a unified diff, in a policy's words first.
///
/// Nothing is written where there is nothing to tell.
package struct ComparisonText: Sendable {
  package private(set) var text = ""
  private let isColored: Bool

  /// - Parameter limit: The most changes that are told; of the others, how many there are.
  package init(_ report: ComparisonReport, isColored: Bool = false, limit: Int = .max) {
    self.isColored = isColored
    if !report.same {
      write("--- \(report.before)", .bold)
      write("+++ \(report.after)", .bold)
      for change in report.changes.prefix(limit) { write(change) }
      if report.changes.count > limit {
        write("@@ \(report.changes.count - limit) more changes; --verbose tells them @@", .heading)
      }
      for object in report.rules ?? [] { write(object) }
      writeSysctls(report.sysctls)
      writeCut(report.cutConnections, limit)
    }
    if !report.foreign.isEmpty {
      write("@@ changed by somebody else @@", .heading)
      for object in report.foreign { write("! \(object)", .removed) }
    }
    for line in Self.summary(report) { write(line, .plain) }
  }

  private enum Style { case plain, bold, heading, removed, added }

  private mutating func write(_ line: String, _ style: Style) {
    let line = VisibleText.escaped(line)
    let code: String? =
      switch style {
      case .plain: nil
      case .bold: "1"
      case .heading: "36"
      case .removed: "31"
      case .added: "32"
      }
    if isColored, let code {
      text += "\u{1B}[\(code)m\(line)\u{1B}[0m\n"
    } else {
      text += "\(line)\n"
    }
  }

  private mutating func write(_ change: ComparisonReport.Change) {
    if let before = change.before { write("- \(Self.line(before))", .removed) }
    if let after = change.after { write("+ \(Self.line(after))", .added) }
  }

  private static func line(_ side: ComparisonReport.Side) -> String {
    side.location.map { "\(side.words)  # \($0)" } ?? side.words
  }

  private mutating func write(_ object: ComparisonReport.Object) {
    write("@@ table \(object.table), \(object.object) @@", .heading)
    for line in object.lines {
      switch line.action {
      case "removed": write("- \(line.text)", .removed)
      case "added": write("+ \(line.text)", .added)
      default: write("  \(line.text)", .plain)
      }
    }
  }

  private mutating func writeSysctls(_ changes: [ComparisonReport.Sysctl]) {
    if changes.isEmpty { return }
    write("@@ kernel settings @@", .heading)
    for change in changes {
      if let before = change.before { write("- \(change.name) = \(before)", .removed) }
      write("+ \(change.name) = \(change.after)  # \(change.reason)", .added)
    }
  }

  private mutating func writeCut(_ publishes: [String], _ limit: Int) {
    if publishes.isEmpty { return }
    write("@@ connections that would be cut @@", .heading)
    for publish in publishes.prefix(limit) { write("- \(publish)", .removed) }
    if publishes.count > limit {
      write("- connections of \(publishes.count - limit) more publishes", .removed)
    }
  }

  private static func summary(_ report: ComparisonReport) -> [String] {
    var lines: [String] = []
    let isUntold = report.changes.isEmpty && report.foreign.isEmpty && report.rules == nil
    if report.changedObjects > 0, isUntold {
      lines.append(
        "\(count(report.changedObjects, "rule or element differs", "rules or elements differ")) "
          + "in what a policy has no words for; --rules shows more")
    }
    if report.movedObjects > 0 {
      let moved = count(report.movedObjects, "rule or element", "rules or elements")
      lines.append(
        report.same
          ? "\(moved) came from other lines; nothing else differs"
          : "\(moved) came from other lines and do the same")
    }
    return lines
  }

  private static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }
}
