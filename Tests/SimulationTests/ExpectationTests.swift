import Diagnostics
import Driver
import Foundation
import ScratchFiles
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// `expect` lines are held against the rules that a policy compiles to.
@Suite struct ExpectationTests {
  static let examples = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Examples")

  static let names =
    (try? FileManager.default.contentsOfDirectory(atPath: examples.path))?
    .filter { $0.hasSuffix(".ward") }.sorted() ?? []

  private func compiled(_ lines: String...) throws -> Compilation {
    let scratch = try Scratch()
    let text = Samples.plain + lines.joined(separator: "\n") + "\n"
    return try Compiler().compile([.path(try scratch.write("policy.ward", text))])
  }

  private func findings(_ result: Compilation, _ backend: Backend = .nft) -> [Diagnostic] {
    result.findings(of: [backend]).sorted.filter {
      [.expectFailed, .expectUndecided, .expectVacuous, .expectPartial].contains($0.id)
    }
  }

  @Test func thereAreExamples() { #expect(Self.names.count > 20) }

  /// Every example says what it comes to, and is right, whatever the backend.
  @Test(arguments: names)
  func examplesKeepTheirPromises(_ name: String) throws {
    let result = try Compiler().compile([.path(Self.examples.appending(path: name).path)])
    let run = try #require(
      TestRun(result, backends: LiveBackend.allCases, states: [false, true]))
    #expect(run.expectations > 0)
    #expect(run.passed >= 4 * run.expectations)
    let problems = run.suites.flatMap { suite in
      suite.cases.compactMap { entry in
        entry.problem.map { "\(suite.name): \(entry.line): \($0.what): \($0.reason)" }
      }
    }
    #expect(problems == [])
  }

  @Test func whatHoldsIsNotSpokenOf() throws {
    let result = try compiled(
      "expect allow web -> db tcp 5432", "expect deny db -> web", "expect deny world -> disk")
    for backend in [Backend.nft, .iptables, .ip6tables] {
      #expect(findings(result, backend).isEmpty)
    }
  }

  /// A wrong expectation is an error that shows the way the packet takes, and no rules are written.
  @Test(arguments: [Backend.nft, .iptables])
  func whatDoesNotHoldIsShownWithItsPath(_ backend: Backend) throws {
    let result = try compiled("expect deny web -> db tcp 5432", "expect allow world -> disk tcp 80")
    let found = findings(result, backend)
    try #require(found.count == 2)
    #expect(found.allSatisfy { $0.severity == .error && $0.id == .expectFailed })
    #expect(
      found[0].message
        == "expected deny, but IPv4 front.web 172.18.0.10 -> back.db 172.19.0.20, tcp 5432 is allowed"
    )
    #expect(result.sources.line(of: try #require(found[0].notes[0].span)) == 34)
    #expect(found[0].notes[1].message.hasPrefix("its way: "))
    #expect(found[0].notes[1].message.contains("leaves by br-back"))
    #expect(found[1].message.hasSuffix("is denied"))
    #expect(found[1].notes[1].message.hasSuffix("it is dropped"))
    #expect(try #require(backend.output(of: result)).log.hasErrors)
  }

  /// Where there are too many packets to try, that is said wherever the line's fate is.
  @Test func whatIsNotTriedIsSaid() throws {
    let guests = (0..<40).map { "container g\($0) 192.0.2.\(10 + $0)" }
    let lan = ["network lan {", "macvlan eth1 mode bridge", "subnet 192.0.2.0/24"] + guests + ["}"]
    let named = (0..<40).map { "expect allow lan.g\($0) -> lan.g\(($0 + 1) % 40) tcp 80" }
    let result = try compiled((lan + named + ["expect allow lan -> lan"]).joined(separator: "\n"))
    let found = findings(result)
    #expect(found.map(\.id) == [.expectPartial])
    #expect(found.map(\.severity) == [.note])
    #expect(found[0].message.contains("of each family the first 4096 were"))
    let run = try #require(TestRun(result, backends: [.nft], states: [false]))
    let partial = run.suites.flatMap(\.cases).filter { $0.remark != nil }
    #expect(partial.map(\.line) == ["expect allow lan -> lan"])
    #expect(partial.map(\.packets) == [4096])
    #expect(partial.map(\.status) == ["passed"])
    let text = TestText(run, isColored: false).text
    #expect(text.contains(": expect allow lan -> lan\n  the line stands for more packets than"))
    let unit = JUnitText(run).text
    #expect(unit.contains("<system-out>the line stands for more packets than are tried"))
    #expect(unit.count { $0 == "<" } == unit.count { $0 == ">" })
    #expect(Set(run.suites.flatMap(\.cases).filter { $0.remark == nil }.map(\.line)).count == 40)
  }

  @Test func oneMemberThatDiffersIsEnough() throws {
    let found = findings(try compiled("expect allow world -> host tcp 8080"))
    #expect(found.count == 1)
    #expect(found[0].message.contains("world 198.51.100.7 -> host"))
    #expect(findings(try compiled("expect deny world -> host tcp 8080 except office")).isEmpty)
  }

  /// iptables sees no bridged frames unless they are handed to it: there a warning must do.
  @Test func whatIptablesCannotSeeIsAWarning() throws {
    let result = try compiled("expect deny db -> cache tcp 80")
    #expect(findings(result).isEmpty)
    let found = findings(result, .iptables)
    #expect(found.map(\.severity) == [.warning])
    #expect(found[0].message.hasSuffix("where bridged frames are not handed to IP rules"))
  }

  @Test func whatNobodyCanTellIsAWarning() throws {
    let scratch = try Scratch()
    let text = try #require(Explanation(.expectUndecided).example)
    let result = try Compiler().compile([.path(try scratch.write("policy.ward", text))])
    let found = findings(result)
    #expect(found.map(\.id) == [.expectUndecided])
    #expect(found[0].message.contains("past the host's rules"))
  }

  @Test func anEmptySetIsAWarning() throws {
    let found = findings(try compiled("list nobody { }", "expect deny nobody -> web"))
    #expect(found.map(\.id) == [.expectVacuous])
  }

  // MARK: `test`

  @Test func runsAreCounted() throws {
    let result = try compiled(
      "expect allow web -> db tcp 5432", "expect deny world -> host tcp 443",
      "expect deny db -> cache tcp 80")
    let run = try #require(
      TestRun(result, backends: LiveBackend.allCases, states: [false, true]))
    #expect(run.suites.count == 8)
    #expect(run.expectations == 3)
    // One family of the first and the last, both of the second.
    #expect(run.passed + run.failed == 4 * (2 + 2))
    // The second in every suite, the last where iptables does not see the frames.
    #expect(run.failed == 8 + 1)
    let text = TestText(run, isColored: false).text
    #expect(
      text.contains("expect deny world -> host tcp 443\n  with nft, IPv4, bridge-nf-call 0\n"))
    #expect(text.hasSuffix("3 expectations, 16 times judged: 7 passed, 9 failed\n"))
  }

  @Test func runsAreWellFormedForCI() throws {
    let result = try compiled(
      "expect allow web -> db tcp 5432", "expect deny world -> host tcp 443")
    let run = try #require(TestRun(result, backends: [.nft], states: [false]))
    let document = try XMLDocument(xmlString: JUnitText(run).text)
    let root = try #require(document.rootElement())
    #expect(root.name == "testsuites")
    #expect(root.attribute(forName: "failures")?.stringValue == "2")
    let suites = root.elements(forName: "testsuite")
    #expect(suites.map { $0.attribute(forName: "tests")?.stringValue } == ["2", "1"])
    let cases = suites[0].elements(forName: "testcase")
    #expect(
      cases[1].attribute(forName: "name")?.stringValue
        == "expect deny world -> host tcp 443 (line 39)")
    let failure = try #require(cases[1].elements(forName: "failure").first)
    #expect(try #require(failure.stringValue).contains("destination becomes 172.18.0.11 port 443"))
    #expect(cases[0].elements(forName: "failure").isEmpty)
  }
}
