import Diagnostics
import Driver
import Testing

/// What `trace` says of flows is what the language says of them.
@Suite struct VerdictTests {
  static let allowed = [
    "web -> db tcp 5432", "front.web -> back.db tcp 5432", "world -> host tcp 443",
    "world -> 203.0.113.200 tcp 443", "office -> host tcp 8080", "office -> host tcp 22",
    "198.51.100.77 -> host tcp 443", "host -> 127.0.0.1 tcp 9000", "proxy -> host tcp 443",
    "web -> proxy udp 53", "front -> world tcp 443 except 169.254.169.254", "host -> disk",
    "world -> site tcp 80", "world -> site icmpv6 echo-request", "site -> world",
    "db -> host tcp 443", "172.18.0.10 -> db tcp 5432", "back -> world icmp",
    "host -> world",
  ]

  static let denied = [
    "db -> web", "web -> db tcp 22", "proxy -> db tcp 5432", "world -> db tcp 5432",
    "world -> proxy tcp 443", "web -> 169.254.169.254 tcp 80", "db -> cache", "disk -> world",
    "world -> disk", "disk -> host tcp 443", "world -> 127.0.0.1 tcp 9000",
    "198.51.100.77 -> host tcp 8080", "world -> host tcp 22 except office", "world -> site tcp 22",
    "db -> 172.18.0.10 tcp 80", "front -> store", "172.18.7.7 -> db tcp 5432",
  ]

  @Test(arguments: allowed)
  func theseAreAllowed(_ flow: String) throws {
    let traced = try Traced(flow, in: Samples.plain)
    #expect(traced.verdict == .allowed, "\(traced.question.log.sorted)")
  }

  @Test(arguments: denied)
  func theseAreDenied(_ flow: String) throws {
    let traced = try Traced(flow, in: Samples.plain)
    #expect(traced.verdict == .denied, "\(traced.question.log.sorted)")
  }

  /// A peer that stands for many is not judged by one of them.
  @Test(arguments: ["world -> host tcp 22", "world -> host tcp 8080", "front -> db tcp 5432"])
  func membersThatDifferAreTold(_ flow: String) throws {
    let traced = try Traced(flow, in: Samples.plain)
    #expect(traced.verdict == .differs)
    let verdicts = Set(try traced.report.cases.map(\.verdict))
    #expect(verdicts == ["allowed", "denied"])
  }

  @Test func theServersViewIsTold() throws {
    let mapped = try Traced("198.51.100.77 -> host tcp 443", in: Samples.plain).report.cases[0]
    #expect(mapped.arrival?.name == "front.proxy")
    #expect(mapped.arrival?.address == "172.18.0.11")
    #expect(mapped.arrival?.seenSource.address == "198.51.100.77")
    #expect(mapped.decision.location?.start.line == 10)
    let hairpin = try Traced("web -> host tcp 443", in: Samples.plain).report.cases[0]
    #expect(hairpin.arrival?.name == "front.proxy")
    #expect(hairpin.arrival?.seenSource.address == "172.18.0.1")
    let leaving = try Traced("web -> 198.51.100.77 tcp 80", in: Samples.plain).report.cases[0]
    #expect(leaving.arrival?.seenSource.name == "host")
  }

  /// What no line decides is said to be so, and what one does is shown.
  @Test func theDecidingLineIsTold() throws {
    let deny = try Traced("web -> 169.254.169.254 tcp 80", in: Samples.plain).report.cases[0]
    #expect(deny.decision.location?.start.line == 35)
    let icc = try Traced("db -> cache tcp 80", in: Samples.plain).report.cases[0]
    #expect(icc.decision.reason == "icc off")
    #expect(icc.decision.location?.start.line == 18)
    let plain = try Traced("web -> proxy tcp 80", in: Samples.plain, filtersBridged: false)
    #expect(try plain.report.cases[0].decision.reason == "no rule refuses it")
  }

  @Test func everyStepOfTheWayIsTold() throws {
    let path = try #require(
      try Traced("198.51.100.77 -> host tcp 443", in: Samples.plain).report.cases[0].path)
    #expect(path.map(\.packet) == ["opening", "answer", "continuation"])
    let mapping = path[0].steps.first { $0.map == "publish4-any" }
    #expect(mapping?.effect == "destination becomes 172.18.0.11 port 443")
    #expect(mapping?.location?.start.line == 10)
    #expect(path[0].fate.hasPrefix("leaves by br-front"))
    #expect(path[1].fate == "leaves by eth0")
  }

  /// Hosts with and without `br_netfilter` are both tried, and told apart only where they differ.
  @Test func bridgedFramesAreTriedBothWays() throws {
    let report = try Traced("db -> cache tcp 80", in: Samples.plain).report
    #expect(report.cases.count == 1)
    #expect(report.cases[0].bridgeNetfilter == [false, true])
    let one = try Traced("db -> cache tcp 80", in: Samples.plain, filtersBridged: true).report
    #expect(one.cases[0].bridgeNetfilter == [true])
  }

  @Test func whatPassesTheHostByIsSaidToDoSo() throws {
    let policy = """
      language 1
      network lan {
        macvlan em1 mode bridge
        subnet 10.12.0.0/21
        container web 10.12.0.117
        container db 10.12.0.118
      }
      """
    let outside = try Traced("world -> web tcp 80", in: policy)
    #expect(outside.verdict == .allowed)
    #expect(try outside.report.cases[0].verdict == "unseen")
    #expect(try Traced("web -> db tcp 80", in: policy).report.cases[0].verdict == "unseen")
    let host = try Traced("host -> web tcp 80", in: policy)
    #expect(host.verdict == .undecided)
    #expect(try host.report.cases[0].decision.reason.contains("past the host's rules"))
  }

  /// On a host bridge the world is the LAN, too.
  @Test func hostBridgesAreJudgedFrameByFrame() throws {
    let policy = """
      language 1
      network lan {
        bridge br0 ports em1
        subnet 10.12.0.0/21
        gateway 10.12.0.76
        container web 10.12.0.117
        container metrics 10.12.0.118
        deny world -> metrics tcp 9100
      }
      """
    #expect(try Traced("world -> metrics tcp 9100", in: policy).verdict == .denied)
    #expect(try Traced("10.12.0.2 -> metrics tcp 9100", in: policy).verdict == .denied)
    #expect(try Traced("world -> metrics tcp 80", in: policy).verdict == .allowed)
    #expect(try Traced("web -> metrics tcp 9100", in: policy).verdict == .allowed)
    #expect(try Traced("web -> world tcp 443", in: policy).verdict == .allowed)
  }
}
