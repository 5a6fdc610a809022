import Foundation
import Testing

/// No case of a peer's is forgotten, and the page tells what is so.
@Suite struct ConformancePageTests {
  private let page: ConformancePage

  init() throws { page = try ConformancePage() }

  @Test func everyCaseIsListedOnce() {
    #expect(page.cases.map(\.number) == Array(1...PeerCase.count))
  }

  @Test func everyCaseIsTriedOrLeftOut() {
    for peerCase in page.cases {
      let isLeftOut = peerCase.omission != nil
      #expect(page.isTried(peerCase) != isLeftOut, "\(peerCase.name)")
    }
  }

  @Test func namedTestsExist() throws {
    let tests = URL(filePath: Scenario.testDirectory).deletingLastPathComponent()
    for test in page.cases.flatMap(\.tests) {
      let file = tests.appending(path: "\(test.file).swift")
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.contains(" func \(test.function)("), "\(test)")
    }
  }

  /// A policy says at its top what it is about and where that comes from, and so do probes; every
  /// probe belongs to a case.
  @Test func everyProbeIsAboutACase() throws {
    for scenario in page.scenarios {
      let file = "\(Scenario.testDirectory)/\(scenario.name)"
      let policy = try String(contentsOfFile: "\(file).ward", encoding: .utf8)
      let probes = try String(contentsOfFile: "\(file).probes", encoding: .utf8)
      #expect(policy.contains("\n# source: "), "\(scenario.name)")
      let first = try #require(probes.firstRange(of: "\ncase "), "\(scenario.name)")
      #expect(probes[..<first.lowerBound].contains("# source: "), "\(scenario.name)")
      let head = policy.prefix { !".:".contains($0) }
      let stray = scenario.expectations.filter(\.cases.isEmpty)
      #expect(stray.map(\.line) == [], "\(scenario.name)")
      let tried = Set(scenario.expectations.flatMap(\.cases))
      #expect(tried == numbers(in: String(head)), "\(scenario.name)")
    }
  }

  /// Reads `C01, C04-C08`.
  private func numbers(in text: String) -> Set<Int> {
    var result: Set<Int> = []
    for match in text.matches(of: /C(\d\d)(?:-C(\d\d))?/) {
      guard let first = Int(match.output.1) else { continue }
      result.formUnion(first...(match.output.2.flatMap { Int($0) } ?? first))
    }
    return result
  }

  @Test(arguments: try RefusedPolicy.all())
  func isRefused(_ policy: RefusedPolicy) throws {
    #expect(!policy.errors.isEmpty)
    #expect(try policy.found() == policy.errors)
  }

  /// With `UPDATE_GOLDEN=1` the page is rewritten, and the test fails that once.
  @Test func pageIsUpToDate() throws {
    let root = URL(filePath: Scenario.testDirectory).deletingLastPathComponent()
      .deletingLastPathComponent()
    let url = root.appending(path: "Docs/Conformance.md")
    let expected = try? String(contentsOf: url, encoding: .utf8)
    guard expected != page.text else { return }
    guard ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" else {
      Issue.record("Docs/Conformance.md is not what the cases make of it (make golden accepts it)")
      return
    }
    try page.text.write(to: url, atomically: true, encoding: .utf8)
    Issue.record("Docs/Conformance.md was rewritten")
  }
}
