import Foundation
import KernelForm
import KernelTestSupport
import Netfilter
import NetlinkBackend
import Testing

/// One policy after the other in the same kernel, by what differs: each ends in exactly the state
/// of a fresh load.
@Suite struct StepTests {
  /// How far apart in the corpus policies that follow each other are; `ALL_PAIRS=1` asks for all.
  private static let distances =
    ProcessInfo.processInfo.environment["ALL_PAIRS"] == "1"
    ? Array(1..<GoldenPolicy.all.count) : [1, 7, 43]

  @Test func fromEachPolicyToOthers() throws {
    let policies = try GoldenPolicy.all.map { ($0.name, kernelForm(of: try $0.ruleset())) }
    #expect(policies.count > 150)
    try inNamespace {
      var session = try NetlinkSession()
      var live = try session.read(table: "bridgeward")
      for distance in Self.distances {
        var place = 0
        for _ in policies {
          place = (place + distance) % policies.count
          let (name, wanted) = policies[place]
          let steps = plan(from: live, to: wanted)
          try session.commit(steps, generation: live.generation)
          live = try session.read(table: "bridgeward")
          // Whole rulesets are no help in a message.
          let isThere = live.stable == wanted.stable && plan(from: live, to: wanted).isEmpty
          #expect(isThere, "\(name), \(distance) apart")
        }
      }
    }
  }

  @Test func countersOutliveWhatIsNotAboutThem() throws {
    var old = KernelTable(family: .inet, name: "bridgeward", comment: "managed by bridgeward")
    let counted: [KernelForm.Expression] = [
      .meta(.mark, into: .first), .compare(.first, .equal, value: [1, 0, 0, 0]),
      .counter(packets: 7, bytes: 700), .verdict(.accept),
    ]
    old.chains = [
      KernelChain(
        "forward", .regular,
        rules: [KernelRule(counted, comment: "p.ward:1"), KernelRule([.verdict(.drop)])])
    ]
    var new = old
    new.chains[0].rules[0].comment = "p.ward:2"
    new.chains[0].rules[0].expressions[2] = .counter(packets: 0, bytes: 0)
    try inNamespace {
      var session = try NetlinkSession()
      try session.commit(.full(KernelRuleset(tables: [old]), name: "bridgeward"), generation: nil)
      let live = try session.read(table: "bridgeward")
      try session.commit(
        plan(from: live, to: KernelRuleset(tables: [new])), generation: live.generation)
      let after = try session.read(table: "bridgeward")
      let rule = try #require(after.tables.first?.chains.first?.rules.first)
      #expect(rule.comment == "p.ward:2")
      #expect(rule.expressions[2] == .counter(packets: 7, bytes: 700))
    }
  }
}

extension KernelRuleset {
  /// What two loads have in common, without the number of the state.
  fileprivate var stable: KernelRuleset {
    var result = canonical
    result.generation = nil
    return result
  }
}
