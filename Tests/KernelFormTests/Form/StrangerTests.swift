import KernelForm
import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite("Rules that we would not write")
struct StrangerTests {
  private static let transport: [Expression] = [
    .meta(.transport, into: .first), .compare(.first, .equal, value: [6]),
  ]
  private static let ipv4: [Expression] = [
    .meta(.family, into: .first), .compare(.first, .equal, value: [2]),
  ]
  private static func port(_ tests: Expression...) -> [Expression] {
    transport + [.payload(.transport, offset: 2, length: 2, into: .first)] + tests
  }

  private func decoded(_ expressions: [Expression], comment: String? = nil) -> DecodedRuleset {
    var table = KernelTable(family: .inet, name: "bridgeward")
    table.chains = [
      KernelChain(
        "forward", .base(BaseChain(.filter, .forward, priority: 0)),
        rules: [
          KernelRule([.verdict(.accept)], handle: 3),
          KernelRule(expressions, comment: comment, handle: 7),
        ])
    ]
    return ruleset(of: KernelRuleset(tables: [table]))
  }

  @Test(
    "are left over, with their place",
    arguments: [
      (port(.compare(.first, .notEqual, value: [0, 80])), "ports that are excepted"),
      (port(.compare(.first, .less, value: [0, 80])), "payload"),
      (port(.compare(.first, .equal, value: [0, 80]), .other(name: "quota")), "quota"),
      (
        [.payload(.network, offset: 12, length: 4, into: .first)] as [Expression]
          + [.compare(.first, .equal, value: [10, 0, 0, 1])], "a header of unknown protocol"
      ),
      (
        [.payload(.transport, offset: 2, length: 2, into: .first)] as [Expression]
          + [.compare(.first, .equal, value: [0, 80])], "a port of unknown protocol"
      ),
      (
        [.meta(.inputName, into: .first), .compare(.first, .equal, value: [0x62, 0x72, 0x2D])],
        "a pattern of interface names"
      ),
      (
        [
          .conntrack(.state, direction: nil, into: .first),
          .compare(.first, .notEqual, value: [8, 0, 0, 0]),
        ], "bits that are compared"
      ),
      ([.counter(packets: 1, bytes: 60)] + ipv4, "a condition after an effect"),
      (
        [.meta(.inputName, into: .first)]
          + [.lookup(set: "gone", key: .first, data: nil, inverted: false)],
        "set gone that is not there"
      ),
      ([.reject(type: 0, code: 3)], "reject"),
      ([.log(prefix: "x", level: 6)], "log"),
      ([], "nothing"),
    ] as [([Expression], String)])
  func strangers(_ expressions: [Expression], _ what: String) {
    let result = decoded(expressions)
    let table = TablePath(.inet, "bridgeward")
    #expect(
      result.leftovers == [Leftover(table, chain: "forward", handle: 7, what: what)])
    #expect(
      result.ruleset.tables.first?.chains.first?.rules == [Rule([], [.verdict(.accept)])])
  }

  @Test("are ours where newer nft writes the same in another way")
  func otherWays() {
    let range = decoded(
      Self.port(.range(.first, inverted: false, from: [0, 80], to: [0, 90])),
      comment: "a.ward:3: allow tcp:80-90")
    #expect(range.leftovers == [])
    let rule = range.ruleset.tables.first?.chains.first?.rules.last
    #expect(rule?.matches == [.transport(.tcp), .destinationPort([PortRange(80, 90)])])
    #expect(rule?.origin?.location == "a.ward:3")
    #expect(rule?.comment == "allow tcp:80-90")
    // A whole address under a mask, where nft 1.0.6 compares the first byte.
    let masked = decoded(
      Self.ipv4 + [
        .payload(.network, offset: 12, length: 4, into: .first),
        .bitwise(from: .first, into: .first, mask: [255, 0, 0, 0], xor: [0, 0, 0, 0]),
        .compare(.first, .equal, value: [10, 0, 0, 0]),
      ])
    #expect(
      masked.ruleset.tables.first?.chains.first?.rules.last?.matches
        == [.family(.ipv4), .source(AddressMatch(.range(Sample.range("10.0.0.0/8"))))])
  }

  @Test("are told of whole tables and sets, too")
  func tables() {
    var table = KernelTable(family: .bridge, name: "bridgeward")
    table.flags = 1
    table.strangers = ["counter c"]
    var set = KernelSet(
      "marks", [], keyType: 19, keyLength: 4, elements: ElementTable(keyLength: 4))
    set.userdata = [0, 4, 1]
    table.sets = [set]
    var chain = KernelChain("c", .base(BaseChain(.filter, .forward, priority: 0)))
    chain.policyAccepts = false
    table.chains = [chain]
    let path = TablePath(.bridge, "bridgeward")
    #expect(
      ruleset(of: KernelRuleset(tables: [table])).leftovers == [
        Leftover(path, what: "table flags 1"), Leftover(path, what: "counter c"),
        Leftover(path, chain: "c", what: "policy drop"),
        Leftover(path, what: "set marks: keys of type 19"),
      ])
  }
}
