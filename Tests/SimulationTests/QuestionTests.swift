import Diagnostics
import Driver
import Testing

/// Questions that make no sense get an answer that helps.
@Suite struct QuestionTests {
  private static let wrong: [(flow: String, id: DiagnosticID, words: String)] = [
    ("front.wbe -> db tcp 5432", .nameUnknown, "did you mean `front.web`?"),
    ("frnt.web -> db", .nameUnknown, "did you mean `front.web`?"),
    ("wbe -> db", .nameUnknown, "did you mean `web`?"),
    ("web -> offlce", .nameUnknown, "did you mean `office`?"),
    ("web db tcp 5432", .syntaxError, "expected `->`, found `db`"),
    ("web", .syntaxError, "expected `->`, found the end"),
    ("web ->", .syntaxError, "expected a peer, found the end"),
    ("", .syntaxError, "expected a peer, found the end"),
    ("web -> db tpc 5432", .syntaxError, "expected a protocol before the port, found `tpc`"),
    ("web -> db tcp 5432 5433", .syntaxError, "expected the end of the flow, found `5433`"),
    ("web -> db tcp 70000", .portRange, "ports end at 65535"),
    ("web -> db icmp echo-reqest", .nameUnknown, "did you mean `echo-request`?"),
    ("web -> db posgres", .nameUnknown, "unknown service"),
    ("web -> 10.0.0.300", .addressInvalid, "10.0.0.300"),
    ("db -> 2001:db8::1 tcp 80", .flowImpossible, "no address family in common"),
    ("db -> site", .flowImpossible, "no address family in common"),
    ("db -> web icmpv6", .flowImpossible, "no address family in common"),
    ("web -> web tcp 80", .flowSelf, "never leaves it"),
    ("world -> world", .flowImpossible, "left alone by every policy"),
    ("web -> db tcp 80 from nowhere", .nameUnknown, "nowhere"),
  ]

  @Test(arguments: wrong.indices)
  func aMistakeIsExplained(_ index: Int) throws {
    let (flow, id, words) = Self.wrong[index]
    let traced = try Traced(flow, in: Samples.plain)
    #expect(traced.answer == nil)
    let error = try #require(traced.errors.first)
    #expect(traced.errors.count == 1)
    #expect(error.id == id)
    #expect(error.message.contains(words), "\(error.message)")
    let span = try #require(error.span)
    #expect(traced.question.compilation.sources.name(of: span) == FlowQuestion.sourceName)
  }

  @Test func aFamilyThatAnEndLacksIsNamed() throws {
    let notes = try #require(try Traced("db -> 2001:db8::1", in: Samples.plain).errors.first).notes
    #expect(
      notes.map(\.message) == [
        "the source has IPv4 addresses only", "the destination has IPv6 addresses only",
      ])
  }

  /// Errors of the policy are told, its warnings are not: `check` tells those.
  @Test func mistakesOfThePolicyAreTold() throws {
    let wrong = Samples.plain.replacing("172.19.0.20", with: "172.19.0.300")
    let traced = try Traced("web -> db", in: wrong)
    #expect(traced.answer == nil)
    #expect(traced.errors.contains { $0.id == .addressInvalid })
    let warned = Samples.plain + "list unused { 10.0.0.0/8 }\n"
    let fine = try Traced("web -> db tcp 5432", in: warned)
    #expect(fine.verdict == .allowed)
    #expect(fine.question.log.isEmpty)
  }

  @Test func anAddressThatMustBeTheHostsIsTakenForIt() throws {
    let judgment = try #require(
      try Traced("world -> 203.0.113.200 tcp 443", in: Samples.plain).answer
    ).judgment
    #expect(
      judgment.remarks == [
        "203.0.113.200 is taken for an address of the host's own: the policy does not say whose it is"
      ])
    // One that lines name needs no remark.
    let named = Samples.plain.replacing("127.0.0.1:9000", with: "203.0.113.200:9000")
    let known = try Traced("world -> 203.0.113.200 tcp 9000", in: named)
    #expect(known.verdict == .allowed)
    #expect(known.answer?.judgment.remarks == [])
  }
}
