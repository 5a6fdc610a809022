import Diagnostics
import Testing

struct ExplanationExampleTests {
  /// What `explain` shows as an example has the finding.
  @Test(arguments: Explanation.all.filter { $0.example != nil }.map(\.id))
  func examplesHaveTheFinding(_ id: DiagnosticID) throws {
    // The compiler's driver reads files, so only it can miss one; and it alone tries packets.
    if [.includeMissing, .expectFailed, .expectUndecided].contains(id) { return }
    let example = try #require(Explanation(id).example)
    let checked = Checked(example)
    #expect(checked.findings.contains { $0.id == id }, "found \(checked.ids)")
  }
}
