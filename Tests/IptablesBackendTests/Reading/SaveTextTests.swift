import Foundation
import IptablesBackend
import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite("What iptables-save shows is read back as what was printed")
struct SaveTextTests {
  private let ruleset = Ruleset(tables: [everyInetNoun()])

  @Test("every noun, as printed", arguments: AddressFamily.allCases)
  func everyNounAsPrinted(_ family: AddressFamily) throws {
    let legalized = legalize(ruleset, family: family)
    let read = try readSaveText(restoreText(legalized, header: ["a test"]), family: family)
    expectSameChains(read, legalized.own)
  }

  @Test("every noun, as saved", arguments: AcceptedByIptablesTests.tools, ["", "-c"])
  func everyNounAsSaved(_ tool: AcceptedByIptablesTests.Tool, _ option: String) throws {
    let legalized = legalize(ruleset, family: tool.family)
    let shell = NamespacedShell(files: [
      "rules": restoreText(legalized), "hooks": hookScript([legalized]),
    ])
    let result = try shell.run(
      """
      \(tool.name) -N OTHER; \(tool.name) -A OTHER -j DROP -m comment --comment "not -j BW-leaf"
      \(tool.name) -A FORWARD -j OTHER
      \(tool.name)-restore --noflush < rules; \(tool.environment) sh ./hooks
      \(tool.name)-save \(option)
      """)
    #expect(result.errors == "")
    let read = try readSaveText(Array(result.output.utf8), family: tool.family)
    expectSameChains(read, legalized.own)
    #expect(read == legalized.own)
    #expect(!read.isEmpty)
  }

  @Test("rulesets of any kind", arguments: [false, true])
  func generated(rewriting: Bool) throws {
    for seed in 0..<200 {
      var generator = RulesetGenerator(seed: UInt64(seed))
      let table = generator.table(rewriting: rewriting)
      for family in AddressFamily.allCases {
        let legalized = legalize(Ruleset(tables: [table]), family: family)
        let read = try readSaveText(restoreText(legalized), family: family)
        expectSameChains(read, legalized.own, "seed \(seed)")
      }
    }
  }

  @Test("rates come back as the kernel keeps them", arguments: AcceptedByIptablesTests.tools)
  func rates(_ tool: AcceptedByIptablesTests.Tool) throws {
    var rules: [Rule] = []
    for count in [UInt32(1), 3, 7, 13, 60, 61, 90, 100, 333, 777, 1000, 3600, 6000, 7777, 9999] {
      for unit in Limit.Unit.allCases {
        for burst in [1, 5, count, 10_000] {
          for meter in [nil, "rate"] {
            let limit = Limit(count: count, unit: unit, burst: burst, perSourceMeter: meter)
            rules.append(Rule([.family(tool.family), .limit(limit)], [.verdict(.accept)]))
          }
        }
      }
    }
    var table = Table(family: .inet, name: "bridgeward")
    table.sets = [NamedSet("rate", .meter(tool.family))]
    table.chains = [
      Chain(
        "forward", .base(BaseChain(.filter, .forward, priority: HookPriority.filter)),
        rules: rules)
    ]
    try expectSaved(Ruleset(tables: [table]), tool)
  }

  @Test("rulesets of any kind, as saved", arguments: AcceptedByIptablesTests.tools)
  func generatedAsSaved(_ tool: AcceptedByIptablesTests.Tool) throws {
    for seed in 0..<40 {
      var generator = RulesetGenerator(seed: UInt64(seed))
      let table = generator.table(rewriting: false)
      try expectSaved(Ruleset(tables: [table]), tool, "seed \(seed)")
    }
  }

  @Test("lines of others in our chains are kept, and so are calls that we do not make")
  func foreignLines() throws {
    let text = """
      *security
      :BW-odd - [0:0]
      COMMIT
      *filter
      :FORWARD DROP [1:2]
      :BW-forward - [0:0]
      :OTHER - [0:0]
      [5:6] -A FORWARD -i eth0 -j BW-forward
      [5:6] -A FORWARD -j BW-forward
      [0:0] -A OTHER -g BW-forward
      [0:0] -A OTHER -m comment --comment "-j BW-forward" -j ACCEPT
      [0:0] -A BW-forward -m recent --name x --set -j ACCEPT
      [0:0] -A BW-forward -s 10.0.0.0/8 -p tcp -m tcp --dport 80 -j ACCEPT
      [0:0] -A BW-forward -j NFLOG
      COMMIT

      """
    let read = try readSaveText(Array(text.utf8), family: .ipv4)
    #expect(read.strays == [":BW-odd - [0:0]"])
    #expect(read[.filter].strayCalls == ["FORWARD -i eth0 -j BW-forward", "OTHER -g BW-forward"])
    #expect(read[.filter].calls.map(\.chain) == ["BW-forward"])
    #expect(
      read[.filter]["BW-forward"]?.lines.map { $0.text(.ipv4) } == [
        "-m recent --name x --set -j ACCEPT", "-s 10.0.0.0/8 -p tcp -m tcp --dport 80 -j ACCEPT",
        "-j NFLOG",
      ])
    let foreign = read[.filter]["BW-forward"]?.lines.filter {
      if case .foreign = $0 { true } else { false }
    }
    #expect(foreign?.count == 2)
  }

  @Test(
    "what is wrong with a text, and where",
    arguments: [
      ("*filter\n:BW-a - [0:0]\n", 3, SaveTextError.Problem.truncated),
      ("-A BW-a -j DROP\n", 1, .outsideTable),
      ("COMMIT\n", 1, .outsideTable),
      ("*filter\n*nat\n", 2, .nestedTable),
      ("*filter\n-A BW-a -j DROP\nCOMMIT\n", 2, .unknownChain("BW-a")),
      ("*filter\n:BW-a - [0:0]\n:BW-a - [0:0]\nCOMMIT\n", 3, .repeatedChain("BW-a")),
      (
        "*filter\n:BW-a - [0:0]\n-A BW-a -m comment --comment \"x\nCOMMIT\n", 3,
        .unterminatedQuote
      ),
      ("hello\n", 1, .unreadable),
      ("*filter\n-X\nCOMMIT\n", 2, .unreadable),
      ("*filter\n[0:0 -A BW-a\n", 2, .unreadable),
      (
        "# Table `filter' is incompatible, use 'nft' tool.\n", 1, .incompatible("filter")
      ),
    ])
  func damaged(_ text: String, _ line: Int, _ problem: SaveTextError.Problem) {
    #expect(throws: SaveTextError(line: line, problem: problem)) {
      try readSaveText(Array(text.utf8), family: .ipv4)
    }
  }

  @Test("whatever is cut off or changed, there is an answer", arguments: AddressFamily.allCases)
  func anyDamage(_ family: AddressFamily) throws {
    let text = restoreText(legalize(ruleset, family: family))
    var generator = SystemRandomNumberGenerator()
    var failures = 0
    for round in 0..<600 {
      var damaged = text
      if round % 3 == 0 { damaged.removeLast(Int.random(in: 0..<text.count, using: &generator)) }
      for _ in 0..<(round % 4) where !damaged.isEmpty {
        let place = Int.random(in: 0..<damaged.count, using: &generator)
        damaged[place] = UInt8.random(in: 0...255, using: &generator)
      }
      do { _ = try readSaveText(damaged, family: family) } catch { failures += 1 }
    }
    #expect(failures > 100)
  }

  private func expectSaved(
    _ ruleset: Ruleset, _ tool: AcceptedByIptablesTests.Tool, _ remark: String = ""
  ) throws {
    let legalized = legalize(ruleset, family: tool.family)
    let result = try NamespacedShell(files: ["rules": restoreText(legalized)]).run(
      "\(tool.name)-restore --noflush < rules && \(tool.name)-save")
    #expect(result.errors == "", "\(remark)")
    let read = try readSaveText(Array(result.output.utf8), family: tool.family)
    expectSameChains(read, legalized.own, remark)
  }
}

/// Expects the same chains, and names the first line that differs.
func expectSameChains(
  _ read: OwnRuleset, _ wanted: OwnRuleset, _ remark: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  for (read, wanted) in zip(read.tables, wanted.tables) {
    #expect(
      read.chains.map(\.name) == wanted.chains.map(\.name), "\(remark)",
      sourceLocation: sourceLocation)
    for (read, wanted) in zip(read.chains, wanted.chains) where read != wanted {
      let lines = zip(read.lines, wanted.lines).first { $0 != $1 }
      Issue.record(
        """
        \(remark) \(read.name): \(read.lines.count) lines, not \(wanted.lines.count);
        \(lines.map { "\($0)\n\($1)" } ?? "")
        """, sourceLocation: sourceLocation)
      return
    }
  }
}
