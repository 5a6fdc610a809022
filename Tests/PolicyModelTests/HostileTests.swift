import Diagnostics
import PolicyTestSupport
import Testing

/// Whatever the input, there is an answer, and always the same.
struct HostileTests {
  @Test(arguments: 0..<200 as Range<UInt64>)
  func randomPoliciesAreAnswered(seed: UInt64) {
    var generator = PolicyGenerator(seed: seed)
    let text = generator.policy()
    let first = Checked(text, host: "alpha")
    #expect(first.findings == Checked(text, host: "alpha").findings)
    #expect((first.policy == nil) == first.findings.contains { $0.severity == .error })
  }

  @Test(arguments: DiagnosticCase.all)
  func damagedPoliciesAreAnswered(_ file: DiagnosticCase) {
    var random = SeededGenerator(seed: UInt64(file.bytes.count))
    for mutation in Mutation.allCases {
      var bytes = file.bytes
      for _ in 0..<12 {
        bytes = mutation.apply(to: bytes, random: &random)
        let checked = Checked([bytes], host: file.host)
        #expect((checked.policy == nil) == checked.findings.contains { $0.severity == .error })
      }
    }
  }

  /// Every span of a finding, and of its notes and edits, lies in its file.
  @Test(arguments: 0..<60 as Range<UInt64>)
  func placesLieInTheirFiles(seed: UInt64) {
    var generator = PolicyGenerator(seed: seed)
    let checked = Checked([generator.policy(), generator.policy()].map { Array($0.utf8) })
    for finding in checked.findings {
      let edits = finding.fixIts.flatMap { $0.edits.map(\.span) }
      for span in [finding.span].compactMap(\.self) + finding.notes.compactMap(\.span) + edits {
        #expect(span.file < 2 && span.start <= span.end)
        #expect(Int(span.end) <= checked.sources[span.file].bytes.count)
      }
    }
  }
}
