import Diagnostics

/// A test run in the form that CI systems read, with the elements that all of them know: suites,
/// cases, failures, errors.
package struct JUnitText: Sendable {
  package private(set) var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

  package init(_ run: TestRun) {
    let total = run.passed + run.failed + run.undecided
    text +=
      "<testsuites name=\"bridgeward test\" tests=\"\(total)\" failures=\"\(run.failed)\" "
      + "errors=\"\(run.undecided)\">\n"
    for suite in run.suites { write(suite) }
    text += "</testsuites>\n"
  }

  private mutating func write(_ suite: TestRun.Suite) {
    let failed = suite.cases.count { $0.status == "failed" }
    let undecided = suite.cases.count { $0.status == "undecided" }
    text +=
      "  <testsuite name=\"\(Self.escaped(suite.name))\" tests=\"\(suite.cases.count)\" "
      + "failures=\"\(failed)\" errors=\"\(undecided)\">\n"
    for entry in suite.cases { write(entry) }
    text += "  </testsuite>\n"
  }

  private mutating func write(_ entry: TestRun.Case) {
    let file = Self.escaped(entry.location.file)
    let name = "\(entry.line) (line \(entry.location.start.line))"
    text +=
      "    <testcase classname=\"\(file)\" name=\"\(Self.escaped(name))\" file=\"\(file)\" "
      + "line=\"\(entry.location.start.line)\""
    guard entry.problem != nil || entry.remark != nil else {
      text += "/>\n"
      return
    }
    text += ">\n"
    if let problem = entry.problem { write(problem, entry) }
    if let remark = entry.remark {
      text += "      <system-out>\(Self.escaped(remark))</system-out>\n"
    }
    text += "    </testcase>\n"
  }

  private mutating func write(_ problem: TestRun.Problem, _ entry: TestRun.Case) {
    let element = entry.status == "failed" ? "failure" : "error"
    let place = problem.decidedAt.map { " (\($0.file):\($0.start.line))" } ?? ""
    let details = ["because: \(problem.reason)\(place)"] + problem.path
    text +=
      "      <\(element) message=\"\(Self.escaped(problem.what))\">"
      + Self.escaped(details.joined(separator: "\n")) + "</\(element)>\n"
  }

  /// Text that XML 1.0 can hold; what it cannot becomes U+FFFD.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x26: result += "&amp;"
      case 0x3C: result += "&lt;"
      case 0x3E: result += "&gt;"
      case 0x22: result += "&quot;"
      case 0x0A: result += "&#10;"
      case 0x09: result += "&#9;"
      case 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: result.unicodeScalars.append(scalar)
      default: result += "\u{FFFD}"
      }
    }
    return result
  }
}
