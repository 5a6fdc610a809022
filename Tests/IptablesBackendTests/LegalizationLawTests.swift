import IptablesBackend
import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite("What a ruleset means is what iptables does")
struct LegalizationLawTests {
  @Test("every packet meets the same effects in the same order", arguments: [false, true])
  func sameOutcome(rewriting: Bool) throws {
    var chainsAdded = 0
    var verdicts: Set<String> = []
    for seed in 0..<600 {
      var generator = RulesetGenerator(seed: UInt64(seed) * 2 + (rewriting ? 1 : 0))
      let table = generator.table(rewriting: rewriting)
      #expect(verify(Ruleset(tables: [table])).filter { $0.kind != .mixedFamilies } == [])
      let meant = RulesetEvaluator(table)
      let done = try AddressFamily.allCases.map { family in
        let legalized = legalize(Ruleset(tables: [table]), family: family)
        chainsAdded += max(0, legalized.tables[0].chains.count - table.chains.count)
        #expect(legalized.unsupported == [])
        return try #require(LegalizedEvaluator(legalized, rewriting ? .nat : .filter))
      }
      for _ in 0..<60 {
        let packet = generator.packet()
        let wanted = meant.outcome(of: packet, from: "base")
        let found = done[packet.source.family == .ipv4 ? 0 : 1].outcome(of: packet)
        verdicts.insert(wanted.verdict ?? "none")
        if found != wanted {
          Issue.record(
            """
            seed \(seed), packet \(packet): \(found) in the place of \(wanted)
            \(dump(Ruleset(tables: [table])))
            """)
          return
        }
      }
    }
    // The worlds are not so small that nothing happens.
    #expect(chainsAdded > 500)
    #expect(verdicts.count >= 3)
  }
}
