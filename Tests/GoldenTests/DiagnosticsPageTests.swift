import Diagnostics
import Foundation
import Testing

/// `Docs/Diagnostics.md` is what `explain` says, as a page.
@Suite struct DiagnosticsPageTests {
  @Test func pageIsUpToDate() throws {
    try GoldenFile(url: Repository.root.appending(path: "Docs/Diagnostics.md")).expect(page)
  }

  private var page: String {
    let entries = Explanation.all.map(entry).joined(separator: "\n")
    return """
      <!-- Made from Sources/Diagnostics/Explanations by `make golden`. Do not edit. -->

      # Findings

      What `bridgeward check` and `bridgeward compile` may say, by their stable names. `bridgeward
      explain ID` prints the same on a terminal. Errors keep rules from being written, warnings do not;
      notes are worth knowing.

      \(entries)
      """
  }

  private func entry(_ explanation: Explanation) -> String {
    let title = "## `\(explanation.id.rawValue)` (\(explanation.id.severity))"
    var text =
      ([title, explanation.summary] + explanation.paragraphs)
      .joined(separator: "\n\n") + "\n"
    if let example = explanation.example {
      text += "\n" + block(example)
    }
    return text
  }

  /// An example as an indented block: it is no policy to copy, and may hold any character.
  private func block(_ example: String) -> String {
    let visible = example.unicodeScalars.map(text).joined()
    return visible.split(separator: "\n", omittingEmptySubsequences: true)
      .map { "    \($0)\n" }.joined()
  }

  private func text(_ scalar: Unicode.Scalar) -> String {
    let category = scalar.properties.generalCategory
    if scalar == "\n" || (category != .control && category != .format) { return String(scalar) }
    return "<U+\(String(scalar.value, radix: 16, uppercase: true))>"
  }
}
