import Evaluation
import IptablesBackend
import IptablesEvaluation
import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite("What a ruleset means is what iptables does")
struct LegalizationLawTests {
  @Test("every packet meets the same effects in the same order", arguments: [false, true])
  func sameOutcome(rewriting: Bool) throws {
    var chainsAdded = 0
    var fates: Set<Passage.Fate> = []
    for seed in 0..<600 {
      var generator = RulesetGenerator(seed: UInt64(seed) * 2 + (rewriting ? 1 : 0))
      let table = generator.table(rewriting: rewriting)
      let ruleset = Ruleset(tables: [table])
      #expect(verify(ruleset).filter { $0.kind != .mixedFamilies } == [])
      let legalized = AddressFamily.allCases.map { legalize(ruleset, family: $0) }
      chainsAdded += legalized.map { max(0, $0.chainCount - table.chains.count) }
        .reduce(0, +)
      #expect(legalized.allSatisfy { $0.unsupported == [] })
      let topology = generator.topology()
      // A limit over all sources counts each family by itself in iptables.
      var meant = [Evaluator](
        repeating: Evaluator(ruleset, topology), count: AddressFamily.allCases.count)
      var done = Evaluator(program(of: legalized), topology)
      for _ in 0..<60 {
        let (packet, ingress) = generator.packet()
        let family = packet.family == .ipv4 ? 0 : 1
        let wanted = Outcome(meant[family].send(packet, from: ingress)[0])
        let found = Outcome(done.send(packet, from: ingress)[0])
        fates.insert(wanted.fate)
        if found != wanted {
          Issue.record(
            """
            seed \(seed), packet \(packet): \(found) in the place of \(wanted)
            \(dump(ruleset))
            """)
          return
        }
      }
    }
    // The worlds are not so small that nothing happens.
    #expect(chainsAdded > 500)
    #expect(fates.count >= 3)
  }
}

extension Legalized {
  fileprivate var chainCount: Int { tables.map(\.chains.count).reduce(0, +) }
}

/// What became of a packet, and what the log has of it.
private struct Outcome: Equatable {
  let fate: Passage.Fate
  let packet: Packet
  let logged: [Step.Effect]

  init(_ passage: Passage) {
    fate = passage.fate
    var packet = passage.packet
    // Nobody sees marks but rules, and those that ask are among these.
    packet.mark = 0
    self.packet = packet
    logged = passage.steps.flatMap(\.effects).filter { effect in
      if case .log = effect { true } else { false }
    }
  }
}
