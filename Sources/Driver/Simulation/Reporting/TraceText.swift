import Diagnostics
import Evaluation
import Netfilter
import NetworkTypes

/// The answer of `trace` for people.
package struct TraceText: Sendable {
  package private(set) var text = ""
  private let renderer: TextRenderer
  private let isColored: Bool
  private let withPath: Bool

  /// So many packets that fare like another are named.
  private static let namedLimit = 4

  /// - Parameters:
  ///   - withPath: Whether every rule that matched is told.
  ///   - width: The cells of a terminal line.
  package init(_ answer: TraceAnswer, withPath: Bool, isColored: Bool, width: Int = 100) {
    renderer = TextRenderer(
      answer.question.compilation.sources, isColored: isColored, width: width)
    self.isColored = isColored
    self.withPath = withPath
    let verdict = answer.judgment.verdict
    write(painted(verdict.words, verdict) + ": " + VisibleText.escaped(answer.question.text))
    for group in ResultGroup.groups(answer.judgment.results) { write(group) }
    if !answer.judgment.remarks.isEmpty { write("") }
    for remark in answer.judgment.remarks { write("note: \(remark)") }
    if let opening = answer.opening { write(opening) }
    if answer.opening == nil, answer.soughtOpening {
      write("\nhelp: no single line that was tried would allow it")
    }
  }

  private mutating func write(_ line: String) { text += line + "\n" }

  private func painted(_ words: String, _ verdict: Judgment.Verdict) -> String {
    guard isColored else { return words }
    let code =
      switch verdict {
      case .allowed: "1;32"
      case .denied: "1;31"
      case .differs, .undecided: "1;33"
      }
    return "\u{1B}[\(code)m\(words)\u{1B}[0m"
  }

  private mutating func write(_ group: ResultGroup) {
    let result = group.first
    let state = result.stateWords.map { " (\($0))" } ?? ""
    write("")
    write("IPv\(result.trial.family.rawValue)  \(result.trial.words): \(result.word)\(state)")
    if let arrival = result.arrivalWords, result.verdict == .allowed { write("  \(arrival)") }
    write("  because: \(VisibleText.escaped(result.decision.reason))")
    if let span = result.decision.span { text += renderer.excerpt(of: span) }
    if withPath { for (name, passage) in result.ways { write(name, passage) } }
    writeOthers(group)
  }

  private mutating func writeOthers(_ group: ResultGroup) {
    guard !group.others.isEmpty else { return }
    for other in group.others.prefix(Self.namedLimit) {
      write("  alike: \(other.trial.words)")
    }
    let rest = group.others.count - Self.namedLimit
    if rest > 0 { write("  alike: \(rest) more") }
  }

  private mutating func write(_ name: String, _ passage: Passage) {
    write("  \(name):")
    for step in passage.steps {
      let words = StepWords(step)
      let origin = step.origin.map { "  # \($0.location)" } ?? ""
      let comment = step.comment.map { " (\($0))" } ?? ""
      write(VisibleText.escaped("    \(words.place): \(words.effect)\(comment)\(origin)"))
    }
    write("    it \(passage.fate.words)")
  }

  private mutating func write(_ opening: PolicyOpening) {
    write("\nhelp: \(opening.title) would allow it (tried):")
    let place = "\(VisibleText.escaped(opening.file)):\(opening.line)"
    if let removed = opening.removed { write("  - \(VisibleText.escaped(removed))") }
    for line in opening.lines { write("  + \(VisibleText.escaped(line))") }
    let isThere = opening.isEdit || opening.removed != nil
    write("  \(isThere ? "at" : "after") \(place)")
  }
}

extension PolicyOpening {
  fileprivate var title: String {
    if isEdit { return lines.count == 1 ? "this line, changed so," : "these lines, changed so," }
    if removed != nil { return lines.isEmpty ? "to take this line out" : "this change" }
    return "this line"
  }
}

extension Judgment.Verdict {
  fileprivate var words: String {
    switch self {
    case .allowed: "allowed"
    case .denied: "denied"
    case .differs: "some of it allowed, some denied"
    case .undecided: "cannot tell"
    }
  }
}
