import Diagnostics

/// A test run for people: what went wrong, then how much of what was tried.
package struct TestText: Sendable {
  package private(set) var text = ""
  private let isColored: Bool

  package init(_ run: TestRun, isColored: Bool) {
    self.isColored = isColored
    for suite in run.suites {
      for entry in suite.cases where entry.problem != nil { write(entry, in: suite) }
    }
    writeRemarks(of: run)
    let width = run.suites.map { $0.name.utf8.count }.max() ?? 0
    for suite in run.suites { write(suite, width) }
    let tried = run.passed + run.failed + run.undecided
    write(
      "\(run.expectations) expectation\(run.expectations == 1 ? "" : "s"), \(tried) times judged: "
        + Self.counts(run.passed, run.failed, run.undecided))
  }

  private mutating func write(_ line: String) { text += VisibleText.escaped(line) + "\n" }

  private mutating func write(_ entry: TestRun.Case, in suite: TestRun.Suite) {
    let place = "\(entry.location.file):\(entry.location.start.line)"
    let word = VisibleText.escaped("\(entry.status): \(place): \(entry.line)")
    let code = entry.status == "failed" ? "1;31" : "1;33"
    text += isColored ? "\u{1B}[\(code)m\(word)\u{1B}[0m\n" : "\(word)\n"
    write("  with \(suite.name)")
    guard let problem = entry.problem else { return }
    write("  \(problem.what)")
    let line = problem.decidedAt.map { " (\($0.file):\($0.start.line))" } ?? ""
    write("  because: \(problem.reason)\(line)")
    for way in problem.path { write("  \(way)") }
    text += "\n"
  }

  /// Once a line, whatever it was tried on.
  private mutating func writeRemarks(of run: TestRun) {
    var seen: Set<String> = []
    for entry in run.suites.flatMap(\.cases) {
      guard let remark = entry.remark else { continue }
      let place = "\(entry.location.file):\(entry.location.start.line)"
      guard seen.insert("\(place) \(remark)").inserted else { continue }
      write("note: \(place): \(entry.line)")
      write("  \(remark)")
      text += "\n"
    }
  }

  private mutating func write(_ suite: TestRun.Suite, _ width: Int) {
    func count(_ status: String) -> Int { suite.cases.count { $0.status == status } }
    let padding = String(repeating: " ", count: width - suite.name.utf8.count)
    write(
      "\(suite.name)\(padding)  "
        + Self.counts(count("passed"), count("failed"), count("undecided")))
  }

  private static func counts(_ passed: Int, _ failed: Int, _ undecided: Int) -> String {
    var words = ["\(passed) passed"]
    if failed > 0 { words.append("\(failed) failed") }
    if undecided > 0 { words.append("\(undecided) undecided") }
    if passed + failed + undecided == 0 { return "nothing to try" }
    return words.joined(separator: ", ")
  }
}
