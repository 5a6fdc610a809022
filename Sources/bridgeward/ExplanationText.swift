import Diagnostics

/// An explanation laid out for a terminal of 80 columns.
struct ExplanationText: CustomStringConvertible {
  let description: String

  init(_ explanation: Explanation) {
    var parts = [
      "\(explanation.id.rawValue) (\(explanation.id.severity.rawValue))", explanation.summary,
    ]
    parts += explanation.paragraphs
    var text = parts.map { Self.wrapped($0) }.joined(separator: "\n\n") + "\n"
    if let example = explanation.example {
      text += "\nFor example:\n\n" + Self.indented(example)
    }
    description = text
  }

  /// Every id with its summary, one a line.
  static var list: String {
    let width = DiagnosticID.allCases.map(\.rawValue.utf8.count).max() ?? 0
    return Explanation.all.map { explanation in
      let id = explanation.id.rawValue
      let gap = String(repeating: " ", count: width - id.utf8.count + 2)
      return "\(id)\(gap)\(explanation.summary)\n"
    }.joined()
  }

  private static func indented(_ example: String) -> String {
    // By scalars: to `Character`, CR LF is one and no line feed.
    let lines = example.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { $0.isEmpty ? "\n" : "    \(VisibleText.escaped(String($0)))\n" }.joined()
  }

  private static func wrapped(_ paragraph: String) -> String {
    var lines = [""]
    for word in paragraph.split(separator: " ") {
      if !lines[lines.count - 1].isEmpty, lines[lines.count - 1].count + word.count >= 80 {
        lines.append("")
      }
      lines[lines.count - 1] += lines[lines.count - 1].isEmpty ? word : " \(word)"
    }
    return lines.joined(separator: "\n")
  }
}
