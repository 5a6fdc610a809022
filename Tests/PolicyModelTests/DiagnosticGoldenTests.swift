import Diagnostics
import Foundation
import Testing

struct DiagnosticGoldenTests {
  /// Every finding is announced, and every announced one is found.
  ///
  /// With `UPDATE_GOLDEN=1` in the environment the files are rewritten and the test fails.
  @Test(arguments: DiagnosticCase.all)
  func findingsAreThoseAnnounced(_ file: DiagnosticCase) throws {
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try Data(file.updated()).write(to: file.url)
      Issue.record("golden/diagnostics/\(file.name).ward was rewritten")
      return
    }
    let checked = Checked([file.bytes], host: file.host)
    #expect(file.found(checked) == file.announced)
  }

  /// A case is about the kind of finding that its name starts with.
  @Test(arguments: DiagnosticCase.all)
  func casesAreNamedForWhatTheyShow(_ file: DiagnosticCase) {
    let ids = Checked([file.bytes], host: file.host).ids
    #expect(ids.contains { file.name == $0 || file.name.hasPrefix("\($0)-") })
  }

  /// A fix-it removes the finding that it comes with.
  @Test(arguments: DiagnosticCase.all)
  func fixItsMend(_ file: DiagnosticCase) {
    let checked = Checked([file.bytes], host: file.host)
    for finding in checked.findings {
      for fixIt in finding.fixIts {
        let mended = Checked([checked.applying(fixIt)], host: file.host)
        let before = checked.findings.filter { $0.id == finding.id }.count
        let after = mended.findings.filter { $0.id == finding.id }.count
        #expect(after < before, "after \(fixIt.message)")
      }
    }
  }

  /// Applying all fix-its, and then those of what is left, comes to an end.
  @Test(arguments: DiagnosticCase.all)
  func fixItsAgree(_ file: DiagnosticCase) {
    var bytes = file.bytes
    for _ in 0..<6 {
      let checked = Checked([bytes], host: file.host)
      let application = FixItApplication(checked.findings, to: checked.sources)
      guard let change = application.files.first else { return }
      bytes = change.bytes
    }
    Issue.record("fix-its still propose changes after six rounds")
  }

  /// Every kind of finding occurs in the corpus, or comes from elsewhere and is tested there.
  @Test func everyFindingOccurs() {
    let elsewhere: Set<DiagnosticID> = [
      // Of files.
      .fileTooLarge, .fileWritable, .includeMissing, .includeCycle,
      // Of backends.
      .enforceBridge, .enforceBackend, .backendIptables, .antispoofArp, .expectFailed,
      .expectPartial,
      .expectUndecided,
      // Too large for a file of its own.
      .listSize,
    ]
    let found = Set(
      DiagnosticCase.all.flatMap { Checked([$0.bytes], host: $0.host).findings.map(\.id) })
    let missing = DiagnosticID.allCases.filter { !found.contains($0) && !elsewhere.contains($0) }
    #expect(missing == [])
    #expect(found.isDisjoint(with: elsewhere))
  }
}
