import CLinux
import Foundation
import Glibc
import KernelForm
import Netfilter
import NetlinkBackend
import Testing

/// What the kernel refuses changes nothing, and is told by its line.
@Suite struct RefusalTests {
  /// The error of a plan on top of a table that stands, which it must leave alone.
  private func refusal(
    _ plan: Plan, generation: UInt32? = nil, _ sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> NetlinkError {
    try inNamespace {
      var session = try NetlinkSession()
      let table = Fixture.table([[.counter(packets: 1, bytes: 2), .verdict(.accept)]])
      try session.commit(Fixture.plan(table), generation: nil)
      let before = try Nft.listings()
      let error = #expect(throws: NetlinkError.self, sourceLocation: sourceLocation) {
        try session.commit(plan, generation: generation)
      }
      #expect(try Nft.listings() == before, sourceLocation: sourceLocation)
      // The session goes on working.
      #expect(try session.read(table: "bridgeward").tables.count == 1)
      return try #require(error, sourceLocation: sourceLocation)
    }
  }

  @Test func ruleIsNamedByItsLine() throws {
    let error = try refusal(
      Fixture.plan(
        Fixture.table([[.verdict(.accept)], [.verdict(.jump("nowhere"))], [.verdict(.drop)]])))
    #expect(error.step == .commit && error.errno == ENOENT)
    #expect(error.object == "rule in chain forward" && error.origin == Fixture.origin(2))
  }

  @Test func firstOfSeveralIsNamed() throws {
    let error = try refusal(
      Fixture.plan(
        Fixture.table([
          [.verdict(.accept)], [.lookup(set: "none", key: .first, data: nil, inverted: false)],
          [.verdict(.jump("nowhere"))],
        ])))
    #expect(error.origin == Fixture.origin(2))
  }

  @Test func manyAreNotLost() throws {
    let rules = Array(repeating: [Expression.verdict(.jump("nowhere"))], count: 5000)
    let error = try refusal(Fixture.plan(Fixture.table([[.verdict(.accept)]] + rules)))
    #expect(error.errno == ENOENT && error.origin == Fixture.origin(2))
  }

  @Test func ruleThatCannotBeSaidIsNamed() throws {
    let error = try refusal(
      Fixture.plan(Fixture.table([[.verdict(.accept)], [.other(name: "quota")]])))
    #expect(error.errno == EOPNOTSUPP && error.origin == Fixture.origin(2))
    let long = Expression.compare(.first, .equal, value: Array(repeating: 0, count: 80))
    #expect(try refusal(Fixture.plan(Fixture.table([[long]]))).origin == Fixture.origin(1))
    let many = Array(repeating: Expression.counter(packets: 0, bytes: 0), count: 129)
    #expect(try refusal(Fixture.plan(Fixture.table([many]))).errno == E2BIG)
  }

  @Test func elementIsNamedByItsLine() throws {
    var rows: [(port: UInt16, verdict: Verdict)] = (1...3000).map { ($0, .jump("leaf")) }
    rows[2900].verdict = .jump("nowhere")
    let missing = try refusal(Fixture.plan(Fixture.table(sets: [Fixture.verdicts(rows)])))
    #expect(
      missing.object == "element of map ports"
        && missing.origin?.location == Fixture.origin(2901).location)
    rows[2900] = (port: 7, verdict: .drop)
    let repeated = try refusal(Fixture.plan(Fixture.table(sets: [Fixture.verdicts(rows)])))
    #expect(repeated.errno == EEXIST && repeated.origin?.location == Fixture.origin(2901).location)
  }

  @Test func setIsNamedByItsLine() throws {
    var set = Fixture.verdicts([])
    set.origin = Fixture.origin(9)
    set.flags = [.map, .interval, .timeout, .dynamic, .concatenation]
    let error = try refusal(Fixture.plan(Fixture.table(sets: [set])))
    #expect(error.object == "map ports" && error.origin == Fixture.origin(9))
  }

  @Test func chainIsNamed() throws {
    var table = Fixture.table()
    table.chains[0].kind = .base(BaseChain(.nat, .forward, priority: 0))
    #expect(try refusal(Fixture.plan(table)).object == "chain forward")
  }

  @Test func loopIsRefused() throws {
    var table = Fixture.table([[.verdict(.jump("leaf"))]])
    table.chains[1].rules = [KernelRule([.verdict(.jump("leaf"))])]
    #expect([ELOOP, EMLINK].contains(try refusal(Fixture.plan(table)).errno))
  }

  @Test func rulesOfAnotherStateAreLeftAlone() throws {
    let error = try refusal(Fixture.plan(Fixture.table()), generation: 0x7FFF_FFF0)
    #expect(error.isStale && !error.isDenied && error.object == nil)
  }

  @Test func planForThisStateIsTaken() throws {
    try inNamespace {
      var session = try NetlinkSession()
      let generation = try session.generation()
      try session.commit(Fixture.plan(Fixture.table()), generation: generation)
      let next = try session.generation()
      #expect(next != generation)
      try session.commit(Plan(), generation: generation)
      #expect(try session.generation() == next, "nothing to do is not sent")
      let error = #expect(throws: NetlinkError.self) {
        try session.commit(Fixture.plan(Fixture.table()), generation: generation)
      }
      #expect(error?.isStale == true)
    }
  }

  /// Capabilities are a thread's own.
  @Test func processWithoutTheRightIsTold() throws {
    // CAP_NET_ADMIN of linux/capability.h.
    let right: Int32 = 12
    try inNamespace {
      #expect(set_effective_capability(right, 0) == 0)
      defer { #expect(set_effective_capability(right, 1) == 0) }
      let error = #expect(throws: NetlinkError.self) { _ = try NetlinkSession() }
      #expect(error?.isDenied == true && error?.isUnsupported == false)
      #expect(error?.description.contains("CAP_NET_ADMIN") == true)
    }
  }

  /// Before Linux 5.12 no process can hold a table.
  @Test func tableOfAnotherProcessIsTold() throws {
    try inNamespace {
      var owner = try NetlinkSession()
      var table = Fixture.table()
      table.flags = 2
      do throws(NetlinkError) {
        try owner.commit(Fixture.plan(table), generation: nil)
      } catch {
        let first = OperatingSystemVersion(majorVersion: 5, minorVersion: 12, patchVersion: 0)
        #expect(!ProcessInfo.processInfo.isOperatingSystemAtLeast(first) && error.errno == EINVAL)
        return
      }
      var session = try NetlinkSession()
      #expect(try session.read(table: "bridgeward").table(.inet)?.flags == 2)
      let error = #expect(throws: NetlinkError.self) {
        try session.commit(Fixture.plan(Fixture.table()), generation: nil)
      }
      #expect(error?.isOfAnotherProcess == true && error?.isDenied == false)
      #expect(error?.description.contains("another process") == true)
    }
  }
}
