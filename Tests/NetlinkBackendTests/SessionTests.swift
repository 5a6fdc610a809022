import KernelForm
import KernelTestSupport
import Netfilter
import NetlinkBackend
import TestSupport
import Testing

/// Reading, probing, and sizes.
@Suite struct SessionTests {
  @Test func readsNothingWhereThereIsNothing() throws {
    try inNamespace {
      try Nft.load("table inet other {\nchain c {\naccept\n}\n}\n")
      var session = try NetlinkSession()
      let ruleset = try session.read(table: "bridgeward")
      #expect(ruleset.tables.isEmpty)
      #expect(try session.generation() == ruleset.generation)
    }
  }

  @Test func tellsTablesOfOthersByTheirComment() throws {
    try inNamespace {
      try Nft.load("table inet bridgeward {\nchain c {\naccept\n}\n}\n")
      var session = try NetlinkSession()
      let table = try #require(try session.read(table: "bridgeward").table(.inet))
      #expect(table.comment == nil)
    }
  }

  @Test func probeAgreesWithNft() throws {
    try inNamespace {
      var session = try NetlinkSession()
      let generation = try session.generation()
      var expected: Set<Capability> = []
      for (capability, words) in [
        (Capability.bridgeMeta, "meta ibrname \"br0\""), (.bridgeConntrack, "ct state new"),
      ] {
        let chain = "chain c {\ntype filter hook forward priority -200\n\(words)\n}"
        let script = "table bridge t {\n\(chain)\n}\n"
        let result = try Command(["nft", "-c", "-f", "-"], input: script).result()
        if result.status == 0 { expected.insert(capability) }
      }
      #expect(try session.probe() == expected)
      #expect(try session.generation() == generation, "probing changes nothing")
    }
  }

  /// What the kernel says to that tells a change that was made from one that nobody knows of.
  @Test func theLastMessageOfAChangeAsksForAnAnswer() throws {
    // NLM_F_ACK of linux/netlink.h.
    let answer: UInt16 = 4
    for table in [Fixture.table(), Fixture.table(sets: [Fixture.publishes(3000)])] {
      let bytes = try messages(committing: Fixture.plan(table), generation: 7)
      var walk = MessageWalk()
      var asks: [Bool] = []
      while let message = try walk.next(in: bytes.span) {
        asks.append(message.flags & answer != 0)
      }
      #expect(asks.count > 4 && asks.firstIndex(of: true) == asks.count - 2)
    }
  }

  @Test func hundredThousandElements() throws {
    let set = Fixture.publishes(100_000)
    let lookup: [Expression] = [
      .meta(.family, into: .first), .compare(.first, .equal, value: [2]),
      .payload(.network, offset: 16, length: 4, into: .first),
      .meta(.transport, into: Register(slot: 1)),
      .payload(.transport, offset: 2, length: 2, into: Register(slot: 2)),
      .lookup(set: "publish4", key: .first, data: .first, inverted: false),
    ]
    let table = Fixture.table([lookup], sets: [set])
    try inNamespace {
      var session = try NetlinkSession()
      try session.commit(Fixture.plan(table), generation: nil)
      let read = try session.read(table: "bridgeward")
      let elements = try #require(read.table(.inet)?.sets.first?.elements)
      #expect(elements.count == 100_000)
      #expect(plan(from: read, to: KernelRuleset(tables: [table])).isEmpty)
      let state = try session.snapshot(table: "bridgeward")
      try session.commit(Fixture.plan(Fixture.table()), generation: nil)
      try session.restore(state, generation: nil)
      let restored = try session.read(table: "bridgeward")
      #expect(plan(from: restored, to: KernelRuleset(tables: [table])).isEmpty)
      // One of them goes, and comes back.
      var one = set
      one.elements = ElementTable(keyLength: 12, dataLength: 8)
      one.elements.append(elementAt: 77, of: set.elements)
      try session.commit(Plan([.deleteElements(Fixture.path, one)]), generation: nil)
      let fewer = try #require(try session.read(table: "bridgeward").table(.inet)?.sets.first)
      #expect(fewer.elements.count == 99_999)
      try session.commit(Plan([.addElements(Fixture.path, one)]), generation: nil)
      let whole = try session.read(table: "bridgeward")
      #expect(plan(from: whole, to: KernelRuleset(tables: [table])).isEmpty)
    }
  }

  /// Two states take turns; what is read is always one of them.
  @Test func readsOneStateWhileOthersChangeIt() throws {
    let states = [400, 900].map { count -> KernelTable in
      var table = Fixture.table(
        Array(repeating: [.verdict(.accept)], count: count), sets: [Fixture.publishes(count)])
      table.comment = "\(count)"
      return table
    }
    try inNamespace {
      var session = try NetlinkSession()
      var scripts: [String] = []
      for table in states {
        try session.commit(Fixture.plan(table), generation: nil)
        scripts.append(try Command(["nft", "list", "table", "inet", "bridgeward"]).run())
      }
      var seen: Set<Int> = []
      func readOne() throws -> Int {
        let table = try #require(try session.read(table: "bridgeward").table(.inet))
        let count = try #require(table.comment.flatMap { Int($0) })
        #expect(table.chains[0].rules.count == count)
        #expect(table.sets[0].elements.count == count)
        return count
      }
      for turn in 0..<16 {
        let script = "delete table inet bridgeward\n" + scripts[turn % 2]
        let change = try Command(["nft", "-f", "-"], input: script).start()
        for _ in 0..<12 { seen.insert(try readOne()) }
        try change.succeed()
        #expect(try readOne() == [400, 900][turn % 2])
      }
      #expect(seen == [400, 900])
    }
  }

  @Test func rulesGoWhereTheyBelong() throws {
    try inNamespace {
      var session = try NetlinkSession()
      let verdict = [Expression.verdict(.accept)]
      try session.commit(Fixture.plan(Fixture.table([verdict, verdict])), generation: nil)
      let rules = try #require(try session.read(table: "bridgeward").table(.inet)).chains[0].rules
      let second = try #require(rules[1].handle)
      let first = try #require(rules[0].handle)
      let drop = KernelRule([.verdict(.drop)], comment: "between")
      try session.commit(
        Plan([
          .addRule(Fixture.path, chain: "forward", drop, .before(handle: second)),
          .addRule(Fixture.path, chain: "forward", drop, .last),
          .deleteRule(Fixture.path, chain: "forward", handle: first),
        ]), generation: nil)
      let after = try #require(try session.read(table: "bridgeward").table(.inet)).chains[0].rules
      #expect(after.map(\.comment) == ["between", "number 1", "between"])
    }
  }
}
