import Diagnostics
import KernelForm
import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite("Rulesets in the kernel's terms are what nft makes of their text")
struct EncodingTests {
  @Test("every noun", arguments: TableFamily.allCases)
  func everyNoun(_ family: TableFamily) throws {
    let table = family == .inet ? everyInetNoun() : everyBridgeNoun(includesRare: true)
    try expectTruth(Ruleset(tables: [table]))
  }

  @Test("every policy of the corpus")
  func corpus() throws {
    let policies = try Corpus.all()
    #expect(policies.count > 100)
    for policy in policies { try expectTruth(policy.ruleset, policy.name) }
  }

  @Test("random rulesets", arguments: Seeds.some(60))
  func randomRulesets(_ seed: UInt64) throws {
    var random = RandomRulesets(seed: seed, capabilities: Set(Capability.allCases))
    let ruleset = random.ruleset()
    #expect(verify(ruleset) == [], "seed \(seed)")
    try expectTruth(ruleset, "seed \(seed)")
  }

  @Test("however long a path is, its end and the line are told", arguments: [116, 117, 118, 4000])
  func longPath(_ length: Int) throws {
    let name = String(repeating: "/far", count: 1000).suffix(length - 7) + "/x.ward"
    let origin = Origin(
      span: SourceSpan(file: 0, start: 0, end: 1), file: String(name), line: .max)
    var table = Table(family: .inet, name: "bridgeward")
    let target = Sample.address("10.88.0.5")
    table.addressMaps = [
      AddressMap(
        "publish4-any", .ipv4, [.transport, .destinationPort], rewritesPort: true,
        elements: [
          AddressMap.Element(ElementKey(.tcp, PortRange(80)), to: target, port: 80, origin: origin)
        ])
    ]
    table.verdictMaps = [
      VerdictMap(
        "admit", [.transport, .destinationPort],
        elements: [
          VerdictMap.Element(ElementKey(.tcp, PortRange(80)), .drop, origin: origin)
        ])
    ]
    table.chains = [
      Chain("forward", rules: [Rule([], [.verdict(.accept)], origin: origin, comment: "why")])
    ]
    let ruleset = Ruleset(tables: [table])
    try expectTruth(ruleset)
    let form = kernelForm(of: ruleset).tables[0]
    for set in form.sets {
      let read = try #require(set.elements.commentOrigin(at: 0))
      #expect(read.line == .max)
      #expect(length < 118 ? read.file == name : read.file == "..." + name.suffix(114))
    }
    #expect(form.sets.count == 2)
  }
}

/// Expects the expressions and elements that nft sends for the ruleset's text.
func expectTruth(_ ruleset: Ruleset, _ place: String = "") throws {
  let truth = try NftTruth(ruleset)
  let form = kernelForm(of: ruleset)
  let rules = form.tables.flatMap(NftNotation.rules)
  #expect(rules.count == truth.rules.count, "\(place)")
  for (own, theirs) in zip(rules, truth.rules) where own != theirs {
    Issue.record("\(place)\n\(own)\ninstead of\n\(theirs)")
  }
  let elements = form.tables.flatMap(\.elementLists).map(Set.init)
  // nft sends sets in another order, and where it sends one in parts, their last elements twice.
  #expect(Set(elements) == Set(truth.elements.map(Set.init)), "\(place)")
  #expect(elements.count == truth.elements.count, "\(place)")
}
