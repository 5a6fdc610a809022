import Driver
import Foundation
import NetworkTypes
import Testing

/// What `trace` says of the corpus is exactly what stands beside it.
@Suite struct TraceTests {
  @Test(arguments: try TraceCase.all())
  func answers(_ golden: TraceCase) throws {
    let answer = try golden.answer()
    let text = TraceText(answer, withPath: golden.withPath, isColored: false).text
    try GoldenFile(url: golden.directory.appending(path: "output.text")).expect(text)
    let report = TraceReport(answer, withPath: golden.withPath)
    try GoldenFile(url: golden.directory.appending(path: "output.json"))
      .expect(try SimulationOutput.json(report))
  }

  @Test func nothingElseLiesThere() throws {
    for golden in try TraceCase.all() {
      let known: Set = ["flow", "input.ward", "options", "output.text", "output.json"]
      let files = try Repository.entries(of: golden.directory)
        .filter { !$0.hasSuffix(".actual") && !known.contains($0) }
      #expect(files == [], "\(golden.name)")
    }
  }

  /// What `test` prints, in its three forms.
  @Test(arguments: try SimulationOutput.directories(of: "test"))
  func tests(_ directory: URL) throws {
    let result = Compiler().compile(try SimulationOutput.read(directory))
    let run = try #require(
      TestRun(result, backends: LiveBackend.allCases, states: [false, true]))
    try GoldenFile(url: directory.appending(path: "output.text"))
      .expect(TestText(run, isColored: false).text)
    try GoldenFile(url: directory.appending(path: "output.json"))
      .expect(try SimulationOutput.json(run))
    try GoldenFile(url: directory.appending(path: "output.junit")).expect(JUnitText(run).text)
  }
}

/// A policy, and a flow that is asked of it.
struct TraceCase: Sendable, CustomTestStringConvertible {
  let name: String
  let directory: URL
  private let options: [String]

  var testDescription: String { name }

  static func all() throws -> [TraceCase] {
    try SimulationOutput.directories(of: "trace").map(TraceCase.init)
  }

  private init(_ directory: URL) throws {
    name = directory.lastPathComponent
    self.directory = directory
    let file = directory.appending(path: "options")
    let text = FileManager.default.fileExists(atPath: file.path) ? try Repository.text(file) : ""
    options = text.split(whereSeparator: \.isWhitespace).map(String.init)
  }

  var withPath: Bool { options.contains("--path") }

  private func value(of option: String) -> String? {
    options.firstIndex(of: option).map { options[$0 + 1] }
  }

  func answer() throws -> TraceAnswer {
    let compiler = Compiler()
    let read = try SimulationOutput.read(directory)
    let flow = try Repository.text(directory.appending(path: "flow"))
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let backend = value(of: "--backend").flatMap(LiveBackend.init) ?? .nft
    let families = value(of: "--family").map { [$0 == "ipv4" ? AddressFamily.ipv4 : .ipv6] }
    let tracing = Tracing(
      compiler, backend: backend, families: families ?? AddressFamily.allCases,
      filtersBridged: value(of: "--bridge-netfilter").map { $0 == "on" })
    return try #require(tracing.answer(compiler.compile(read, asking: flow), of: read))
  }
}

/// What the goldens of `trace` and `test` share.
enum SimulationOutput {
  static func directories(of noun: String) throws -> [URL] {
    let folder = Repository.golden.appending(path: noun)
    return try Repository.entries(of: folder).map { folder.appending(path: $0) }
  }

  /// The policy of a case, as if it were called `policy.ward`.
  static func read(_ directory: URL) throws -> PolicySources {
    let path = directory.appending(path: "input.ward").path
    return try Compiler().read([.path(path)]).renamed { _ in "policy.ward" }
  }

  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}
