import Diagnostics

/// A comparison with iptables for people, in the form of a unified diff.
package struct IptablesReportText: Sendable {
  package private(set) var text = ""
  private let isColored: Bool

  package init(_ report: IptablesReport, after: String, isColored: Bool = false) {
    self.isColored = isColored
    if !report.same {
      write("--- iptables", "1")
      write("+++ \(after)", "1")
      for section in report.sections { write(section) }
    }
    if !report.drift.isEmpty {
      write("@@ changed by somebody else @@", "36")
      for line in report.drift { write("! \(line)", "31") }
    }
    if report.same { write(report.drift.isEmpty ? "nothing differs" : "nothing else differs", nil) }
  }

  private mutating func write(_ section: IptablesReport.Section) {
    let place = section.chain.map { "chain \($0), \(section.fate)" } ?? "calls of our chains"
    write("@@ \(section.command) -t \(section.table), \(place) @@", "36")
    for line in section.lines {
      let isAdded = line.action == "added"
      write("\(isAdded ? "+" : "-") \(line.text)", isAdded ? "32" : "31")
    }
  }

  private mutating func write(_ line: String, _ code: String?) {
    let line = VisibleText.escaped(line)
    text += isColored && code != nil ? "\u{1B}[\(code ?? "")m\(line)\u{1B}[0m\n" : "\(line)\n"
  }
}
