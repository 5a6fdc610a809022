import Diagnostics
import Driver

/// What doctor found, for people: each finding with what was seen and what to do.
struct DoctorText: CustomStringConvertible {
  let description: String

  init(_ report: DoctorReport) {
    var text = ""
    for finding in report.findings {
      text +=
        "\(finding.gravity.rawValue)[\(finding.kind.rawValue)]: \(Self.visible(finding.what))\n"
      for line in finding.evidence { text += "  seen: \(Self.visible(line))\n" }
      for line in finding.mend { text += "  mend: \(Self.visible(line))\n" }
      text += "\n"
    }
    description = text + Self.summary(report)
  }

  /// Names of chains and processes are anybody's text.
  private static func visible(_ text: String) -> String { VisibleText.escaped(text) }

  private static func summary(_ report: DoctorReport) -> String {
    guard !report.findings.isEmpty else { return "nothing keeps the policy from working\n" }
    func count(_ number: Int, _ word: String) -> String {
      "\(number) \(word)\(number == 1 ? "" : "s")"
    }
    return "\(count(report.problems, "problem")), \(count(report.notes, "note"))\n"
  }
}
