import Diagnostics
import Driver
import Host
import ScratchFiles
import Testing

struct LoadingTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func read(_ names: String..., host: String? = nil) throws -> PolicySources {
    let inputs = names.map { PolicyInput.path("\(scratch.path)/\($0)") }
    return try Compiler(host: host).read(inputs)
  }

  private func files(_ sources: PolicySources) -> [String] {
    sources.sources.files.map { String($0.name.dropFirst(scratch.path.count + 1)) }
  }

  private func findings(_ sources: PolicySources) -> [String] {
    sources.log.sorted.map { $0.id.rawValue }
  }

  @Test func includesAreReadDepthFirstAndOnce() throws {
    try scratch.write("main.ward", "include \"parts/*.ward\"\ninclude \"last.ward\"\n")
    try scratch.write("parts/b.ward", "uplink eth1\n")
    try scratch.write("parts/a.ward", "include \"../last.ward\"\nuplink eth0\n")
    try scratch.write("last.ward", "uplink eth2\n")
    let result = try read("main.ward")
    #expect(
      files(result) == ["main.ward", "parts/a.ward", "parts/../last.ward", "parts/b.ward"])
    #expect(findings(result) == [])
    #expect(result.isComplete)
    #expect(result.trees.count == 4)
  }

  @Test(arguments: ["uplink eth0\n", "uplink\n", "uplink \u{FF}\n", "include \"b.ward\"\n"])
  func whatAnEditorHoldsIsReadAsAFileIs(text: String) throws {
    try scratch.write("a.ward", text)
    try scratch.write("b.ward", "uplink eth1\n")
    let read = try read("a.ward")
    var held = PolicySources()
    held.add(name: read.sources[0].name, bytes: Array(text.utf8))
    #expect(held.sources[0].bytes == read.sources[0].bytes)
    #expect(findings(held) == findings(read))
    #expect(held.isComplete == read.isComplete && held.sources.files.count == 1)
    #expect(held.trees.count == 1)
  }

  @Test func aFileThatIsNamedAndIncludedIsReadOnce() throws {
    try scratch.write("a.ward", "include \"b.ward\"\n")
    try scratch.write("b.ward", "uplink eth0\n")
    #expect(files(try read("b.ward", "a.ward")) == ["b.ward", "a.ward"])
    #expect(files(try read("")) == ["a.ward", "b.ward"].map { "/\($0)".dropFirst() + "" })
  }

  @Test func aCycleIsToldWithTheWayRound() throws {
    try scratch.write("a.ward", "include \"b.ward\"\n")
    try scratch.write("b.ward", "uplink eth0\ninclude \"c.ward\"\n")
    try scratch.write("c.ward", "include \"a.ward\"\n")
    let result = try read("a.ward")
    let finding = try #require(result.log.sorted.first)
    #expect(finding.id == .includeCycle)
    #expect(finding.severity == .error)
    #expect(finding.span?.file == 2)
    #expect(finding.notes.map { $0.span?.file } == [0, 1])
    #expect(result.log.count == 1)
  }

  @Test func aFileThatIncludesItselfIsACycle() throws {
    try scratch.write("a.ward", "include \"*.ward\"\n")
    #expect(findings(try read("a.ward")) == ["include-cycle"])
  }

  @Test func aCycleBehindASiblingIsFound() throws {
    try scratch.write("a.ward", "include \"b.ward\"\ninclude \"c.ward\"\n")
    try scratch.write("b.ward", "include \"c.ward\"\n")
    try scratch.write("c.ward", "include \"b.ward\"\n")
    #expect(findings(try read("a.ward")) == ["include-cycle"])
  }

  @Test func aChainOfHundredsIsFollowed() throws {
    for index in 0..<500 {
      try scratch.write("\(index).ward", "include \"\(index + 1).ward\"\n")
    }
    try scratch.write("500.ward", "uplink eth0\n")
    let result = try read("0.ward")
    #expect(result.trees.count == 501)
    #expect(result.log.isEmpty)
  }

  @Test(arguments: ["none.ward", "none/*.ward", "*.none", "a.ward/x"])
  func anIncludeOfNothingIsAnError(pattern: String) throws {
    try scratch.write("a.ward", "uplink eth0\ninclude \"\(pattern)\"\n")
    let result = try read("a.ward")
    let finding = try #require(result.log.sorted.first)
    #expect(finding.id == .includeMissing)
    #expect(finding.message == "`\(pattern)` names no file")
    #expect(finding.span?.start == 20)
    #expect(!result.isComplete)
  }

  @Test func anIncludeOfADirectoryIsMended() throws {
    try scratch.write("a.ward", "include \"parts\"\n")
    try scratch.write("parts/b.ward", "uplink eth0\n")
    let result = try read("a.ward")
    let finding = try #require(result.log.sorted.first)
    #expect(finding.id == .includeMissing)
    let fixed = FixItApplication([finding], to: result.sources)
    #expect(String(decoding: fixed.files[0].bytes, as: UTF8.self) == "include \"parts/*.ward\"\n")
  }

  @Test func includesOfOtherHostsAreNotFollowed() throws {
    try scratch.write("a.ward", "uplink eth0\non north { include \"b.ward\" }\n")
    try scratch.write("b.ward", "uplink eth1\n")
    #expect(files(try read("a.ward")) == ["a.ward"])
    #expect(files(try read("a.ward", host: "south")) == ["a.ward"])
    #expect(files(try read("a.ward", host: "north")) == ["a.ward", "b.ward"])
  }

  @Test func aDirectoryWithoutPoliciesIsAnError() throws {
    try scratch.write("empty/readme.txt", "x")
    let result = try read("empty")
    #expect(findings(result) == ["file-empty"])
    #expect(result.log.hasErrors)
  }

  @Test func aLargeFileIsAFindingNotAFailure() throws {
    try scratch.write("a.ward", "include \"b.ward\"\n")
    try scratch.write("b.ward", String(repeating: "#", count: 2 << 20))
    let compiler = Compiler(store: FileStore(limit: 1 << 20))
    let result = try compiler.read([.path("\(scratch.path)/a.ward")])
    #expect(findings(result) == ["file-too-large"])
    #expect(result.log.sorted[0].span?.file == 0)
    let direct = try compiler.read([.path("\(scratch.path)/b.ward")])
    #expect(findings(direct) == ["file-too-large"])
    #expect(direct.sources.files.map(\.bytes.count) == [0])
  }

  @Test func aMissingInputIsTheMachinesFailure() {
    let error = #expect(throws: HostError.self) { try read("none.ward") }
    #expect(error?.code == .notFound)
  }

  @Test func namesAreNotLookedUpWhereAPartIsMissing() throws {
    try scratch.write("a.ward", "include \"none.ward\"\nallow web -> db tcp 80\n")
    let result = try Compiler().compile([.path("\(scratch.path)/a.ward")])
    #expect(result.log.sorted.map(\.id) == [.includeMissing])
    #expect(result.policy == nil)
    #expect(result.ruleset == nil)
  }
}
