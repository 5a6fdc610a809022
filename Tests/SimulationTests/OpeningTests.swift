import Driver
import Testing

/// Which line would allow a flow: what is offered has been tried, and does.
@Suite struct OpeningTests {
  private func opening(_ flow: String) throws -> TraceReport.Opening? {
    try Traced(flow, in: Samples.plain).report.wouldAllow
  }

  @Test func aLineIsOffered() throws {
    let opening = try #require(try opening("proxy -> db tcp 5432"))
    #expect(opening.lines == ["allow proxy -> db tcp 5432"])
    #expect(opening.removed == nil)
    #expect(opening.line == 37)
    #expect(opening.file.hasSuffix("policy.ward"))
  }

  @Test func aHoleInADenialIsOffered() throws {
    let opening = try #require(try opening("web -> 169.254.169.254 tcp 80"))
    #expect(opening.lines == ["deny front -> 169.254.169.254 except web"])
    #expect(opening.line == 35)
  }

  @Test func aDenialOfJustThatIsTakenOut() throws {
    let opening = try #require(try opening("front -> 169.254.169.254 tcp 80"))
    #expect(opening.lines == [])
    #expect(opening.removed == "deny front -> 169.254.169.254")
  }

  @Test func aPublishIsWidened() throws {
    let opening = try #require(try opening("198.51.100.77 -> host tcp 8080"))
    #expect(opening.lines == ["publish tcp 8080 -> web:80 from office, 198.51.100.77"])
    #expect(opening.line == 11)
  }

  @Test func aClosedNetworkIsOpened() throws {
    let opening = try #require(try opening("disk -> world"))
    #expect(opening.removed == "internal")
    #expect(opening.line == 25)
  }

  @Test func nothingIsOfferedForWhatPasses() throws {
    #expect(try opening("web -> db tcp 5432") == nil)
  }

  /// What is offered, done by hand, allows the flow.
  @Test(arguments: VerdictTests.denied)
  func whatIsOfferedWorks(_ flow: String) throws {
    guard let opening = try opening(flow) else { return }
    var lines = Samples.plain.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    if opening.removed != nil {
      lines[opening.line - 1] = ""
      lines += opening.lines
    } else if opening.lines[0].hasPrefix("allow") {
      lines.insert(opening.lines[0], at: opening.line)
    } else {
      lines[opening.line - 1] = opening.lines[0]
      lines += opening.lines.dropFirst()
    }
    #expect(try Traced(flow, in: lines.joined(separator: "\n")).verdict == .allowed)
  }

  /// Nearly everything that is denied can be allowed by one change.
  @Test func mostDenialsHaveAnOffer() throws {
    let without = try VerdictTests.denied.filter { try opening($0) == nil }
    // The host's own loopback is nobody else's.
    #expect(without == ["world -> 127.0.0.1 tcp 9000"])
  }
}
