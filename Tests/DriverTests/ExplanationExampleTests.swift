import Diagnostics
import Driver
import ScratchFiles
import Testing

struct ExplanationExampleTests {
  private static let errors = Explanation.all.filter {
    $0.example != nil && $0.id.severity == .error
  }

  /// What `explain` shows for an error, written to a file, has that error and no other.
  @Test(arguments: errors.map(\.id))
  func theExampleHasNoOtherMistake(id: DiagnosticID) throws {
    let scratch = try Scratch()
    let path = try scratch.write("example.ward", try #require(Explanation(id).example))
    let result = try Compiler().compile([.path(path)])
    let found = result.findings(of: [.nft]).sorted.filter { $0.severity == .error }.map(\.id)
    #expect(Set(found) == [id], "found \(found.map(\.rawValue))")
  }
}
