import Diagnostics
import Testing

struct ExplanationTests {
  @Test func everyIdIsExplainedOnce() {
    let explained = Explanation.all.map(\.id)
    #expect(explained.count == DiagnosticID.allCases.count)
    #expect(Set(explained) == Set(DiagnosticID.allCases))
  }

  @Test(arguments: DiagnosticID.allCases)
  func explanationsAreSentences(id: DiagnosticID) {
    let explanation = Explanation(id)
    #expect(explanation.id == id)
    #expect(explanation.summary.hasSuffix("."))
    #expect(!explanation.paragraphs.isEmpty)
    for text in explanation.paragraphs {
      #expect(text.last.map { ".:`".contains($0) } == true)
      #expect(!text.contains("\n"))
    }
  }

  @Test(arguments: DiagnosticID.allCases)
  func idsAreKebabCase(id: DiagnosticID) {
    #expect(id.rawValue.utf8.allSatisfy { ($0 >= 97 && $0 <= 122) || $0 == 45 || $0 == 54 })
  }
}
