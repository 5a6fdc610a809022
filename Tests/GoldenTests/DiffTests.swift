import Driver
import Foundation
import HeaderSpace
import Testing

/// What `diff` tells of two policies of the corpus is exactly what stands beside them.
///
/// The rules of `live.ward` are taken for those of the kernel: nothing but the rules is known of it.
@Suite struct DiffTests {
  @Test(arguments: try DiffCase.all())
  func tells(_ golden: DiffCase) throws {
    let report = try golden.report()
    let text = ComparisonText(report).text
    try GoldenFile(url: golden.directory.appending(path: "output.diff")).expect(text)
  }

  /// What the same two policies mean for connections.
  @Test(arguments: try DiffCase.all())
  func tellsFlows(_ golden: DiffCase) throws {
    let report = FlowDifferenceReport(
      FlowDifference(
        from: try golden.installation("live.ward"), to: try golden.installation("input.ward")),
      from: "live", to: "policy.ward")
    let text = FlowDifferenceText(report).text
    #expect(report.same == text.isEmpty)
    try GoldenFile(url: golden.directory.appending(path: "output.flows")).expect(text)
  }

  /// One case shows the whole shape of the JSON form.
  @Test func tellsAsData() throws {
    let golden = try #require(try DiffCase.all().first { $0.name == "publish-changed" })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(try golden.report()), as: UTF8.self) + "\n"
    try GoldenFile(url: golden.directory.appending(path: "output.json")).expect(text)
  }

  @Test func nothingElseLiesThere() throws {
    for golden in try DiffCase.all() {
      let known: Set = ["live.ward", "input.ward", "output.diff", "output.json", "output.flows"]
      let files = try Repository.entries(of: golden.directory)
        .filter { !$0.hasSuffix(".actual") && !known.contains($0) }
      #expect(files == [], "\(golden.name)")
    }
  }

  @Test func aPolicyDoesNotDifferFromItself() throws {
    for golden in try DiffCase.all() {
      let state = try golden.state("input.ward")
      let report = ComparisonReport(
        from: LiveRules(kernel: state.kernel), to: state, named: "policy.ward",
        withRules: true, sysctls: [])
      #expect(report.same && report.foreign.isEmpty, "\(golden.name)")
      #expect(ComparisonText(report).text.isEmpty, "\(golden.name)")
      let installation = try golden.installation("input.ward")
      let flows = FlowDifference(from: installation, to: installation)
      #expect(flows.changes == [], "\(golden.name)")
    }
  }
}

/// Two policies, and what one changes when it takes the place of the other.
struct DiffCase: Sendable, CustomTestStringConvertible {
  let name: String
  let directory: URL

  var testDescription: String { name }

  static func all() throws -> [DiffCase] {
    let folder = Repository.golden.appending(path: "diff")
    return try Repository.entries(of: folder).map {
      DiffCase(name: $0, directory: folder.appending(path: $0))
    }
  }

  /// The policy in `file`, as if it were called `policy.ward`.
  func state(_ file: String) throws -> Comparison.State {
    let compiler = Compiler()
    let read = try compiler.read([.path(directory.appending(path: file).path)])
    return try #require(Comparison.State(compiler.compile(read.renamed { _ in "policy.ward" })))
  }

  /// The rules of the policy in `file`, on the host that it speaks of.
  func installation(_ file: String) throws -> Installation {
    let compiler = Compiler()
    let read = try compiler.read([.path(directory.appending(path: file).path)])
    return try #require(Installation(compiler.compile(read.renamed { _ in "policy.ward" })))
  }

  func report() throws -> ComparisonReport {
    let live = try state("live.ward")
    return ComparisonReport(
      from: LiveRules(kernel: live.kernel), to: try state("input.ward"),
      named: "policy.ward", withRules: true, sysctls: [])
  }
}
