import KernelForm
import KernelTestSupport
import Netfilter
import NetlinkBackend
import RulesetTestSupport
import Testing

/// What is saved comes back as it was, with what others added.
@Suite struct SnapshotTests {
  private let name = "bridgeward"

  @Test(arguments: GoldenPolicy.all)
  func goldenComesBack(golden: GoldenPolicy) throws {
    let script = try golden.ruleset().script
    try inNamespace {
      try Nft.load(script)
      var session = try NetlinkSession()
      let before = try Nft.listings()
      let state = try session.snapshot(table: name)
      let ruleset = try session.read(table: name)
      #expect(try KernelRuleset(snapshot: state).canonical == ruleset.canonical)
      try session.commit(Fixture.plan(Fixture.table()), generation: nil)
      #expect(try Nft.listings() != before)
      try session.restore(state, generation: try session.generation())
      #expect(try Nft.listings() == before)
      #expect(try session.read(table: name).canonical == ruleset.canonical)
    }
  }

  @Test func everyNounComesBack() throws {
    try inNamespace {
      try Nft.load(Ruleset(tables: [everyInetNoun(), everyBridgeNoun()]).script)
      var session = try NetlinkSession()
      let before = try Nft.listings()
      let state = try session.snapshot(table: name)
      for replacing in [true, false] {
        try Nft.load("flush ruleset\n")
        let generation = try session.generation()
        try session.restore(state, generation: generation, replacing: replacing)
        #expect(try Nft.listings() == before)
        #expect(throws: NetlinkError.self, "of another state") {
          try session.restore(state, generation: generation, replacing: replacing)
        }
        #expect(try Nft.listings() == before)
      }
    }
  }

  @Test func whatOthersAddedComesBack() throws {
    try inNamespace {
      var session = try NetlinkSession()
      // First, as it will be when ours was made anew: tables are listed in the order of their age.
      try Nft.load("table inet other {\nchain untouched {\naccept\n}\n}\n")
      try session.commit(Fixture.plan(Fixture.table([[.verdict(.accept)]])), generation: nil)
      try Nft.load(Self.additions)
      let table = try #require(try session.read(table: name).table(.inet))
      #expect(
        table.strangers.sorted() == [
          "chain foreign", "counter visits", "map counters", "set ranges",
        ])
      #expect(table.chains[0].rules.flatMap(\.expressions).contains(.other(name: "objref")))
      let before = try stableListings()
      let state = try session.snapshot(table: name)
      try session.commit(Fixture.plan(Fixture.table()), generation: nil)
      try session.restore(state, generation: nil)
      for (found, expected) in zip(try stableListings(), before) {
        #expect(found.split(separator: "\n") == expected.split(separator: "\n"))
      }
    }
  }

  private static let additions = """
    table inet bridgeward {
      counter visits {
        packets 5 bytes 6
      }
      set seen {
        type ipv4_addr
        size 100
        flags dynamic,timeout
        timeout 1h
        elements = { 192.0.2.1 limit rate 5/minute timeout 1h }
      }
      set ranges {
        type ipv4_addr . inet_service
        flags interval
        elements = { 192.0.2.0/24 . 80-90 }
      }
      map counters {
        type ipv4_addr : counter
        elements = { 192.0.2.9 : "visits" }
      }
      chain foreign {
        type route hook output priority 5; policy accept;
        quota over 5 mbytes
      }
    }
    add rule inet bridgeward forward tcp dport { 80, 90-95 } counter name "visits" comment "mine"
    insert rule inet bridgeward forward meta mark set 7

    """

  /// Without the seconds that elements have left.
  private func stableListings() throws -> [String] {
    try Nft.listings().map {
      $0.replacing(/expires [0-9a-z]+/, with: "expires")
        .replacing(/"expires": \d+/, with: "expires")
    }
  }

  @Test func noTableComesBack() throws {
    try inNamespace {
      var session = try NetlinkSession()
      let state = try session.snapshot(table: name)
      #expect(try KernelRuleset(snapshot: state).tables.isEmpty)
      try session.commit(Fixture.plan(Fixture.table()), generation: nil)
      try Nft.load("table inet other {\nchain untouched {\naccept\n}\n}\n")
      try session.restore(state, generation: nil)
      #expect(try session.read(table: name).tables.isEmpty)
      #expect(try Nft.listings()[0].contains("untouched"))
    }
  }

  @Test func isNotPutOverAnotherState() throws {
    try inNamespace {
      var session = try NetlinkSession()
      let state = try session.snapshot(table: name)
      let generation = try session.generation()
      try session.commit(Fixture.plan(Fixture.table()), generation: nil)
      let error = #expect(throws: NetlinkError.self) {
        try session.restore(state, generation: generation)
      }
      #expect(error?.isStale == true)
      #expect(try session.read(table: name).tables.count == 1)
    }
  }
}
