import IptablesBackend
import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite("What iptables cannot ask or do at a place is reported, with why and the way out")
struct ObstacleTests {
  /// The reasons for what is left out of a rule in a base chain there, and whether it is printed.
  private func legalized(
    _ base: BaseChain, _ matches: [Match], _ actions: [Action] = [.verdict(.drop)]
  ) -> (reasons: [String], isPrinted: Bool) {
    var table = Table(family: .inet, name: "bridgeward")
    table.chains = [
      Chain("base", .base(base), rules: [Rule(matches, actions, origin: Sample.origin(7))])
    ]
    let result = legalize(Ruleset(tables: [table]), family: .ipv4)
    #expect(result.unsupported.allSatisfy { $0.origin?.line == 7 && !$0.mend.isEmpty })
    let rules = result.tables.flatMap(\.chains).flatMap(\.rules)
    return (result.unsupported.map(\.because), !rules.isEmpty)
  }

  private let output = BaseChain(.filter, .output, priority: HookPriority.filter)
  private let postrouting = BaseChain(.nat, .postrouting, priority: HookPriority.sourceNAT)
  private let prerouting = BaseChain(.filter, .prerouting, priority: HookPriority.mangle)
  private let forward = BaseChain(.filter, .forward, priority: HookPriority.filter)

  @Test func hardwareAddressesOfTheHostsOwnPackets() {
    let mac = Match.sourceMAC(Sample.mac("02:42:ac:13:00:14"), negated: true)
    let found = legalized(output, [mac])
    #expect(found.reasons == ["packets in OUTPUT come from no other machine; the rule is left out"])
    #expect(!found.isPrinted)
    #expect(legalized(forward, [mac]) == ([], true))
  }

  @Test func interfacesThatPacketsNoLongerHave() {
    let input = Match.inputInterface(.equals(Sample.interface("br0")))
    let found = legalized(postrouting, [input], [.masquerade(ports: nil, .kernel)])
    #expect(
      found.reasons
        == ["packets in POSTROUTING have no incoming interface; the rule is left out"])
    #expect(!found.isPrinted)
  }

  @Test func interfacesThatPacketsDoNotHaveYet() {
    let match = Match.outputInterface(.equals(Sample.interface("br0")))
    #expect(
      legalized(prerouting, [match]).reasons
        == ["packets in PREROUTING have no outgoing interface yet; the rule is left out"])
  }

  @Test func numbersThatMeanAnyToIptables() {
    #expect(
      legalized(forward, [.transport(TransportProtocol(number: 0))]).reasons
        == ["protocol 0 means any to it; the rule is left out"])
    #expect(
      legalized(forward, [.icmp(.ipv4, type: 255, code: nil)]).reasons
        == ["ICMP type 255 means any to it; the rule is left out"])
  }

  @Test func effectsThatOtherTablesHave() {
    let found = legalized(forward, [], [.masquerade(ports: nil, .kernel)])
    #expect(found.reasons == ["only the nat table rewrites addresses; the effect is left out"])
    #expect(!found.isPrinted)
    let refusal = legalized(prerouting, [], [.reject(.prohibited)])
    #expect(refusal.reasons.count == 1)
    #expect(refusal.isPrinted)
  }

  @Test func placesThatNoTableIsCalledAt() {
    let late = BaseChain(.filter, .prerouting, priority: 50)
    let found = legalized(late, [])
    #expect(found.reasons.count == 1)
    #expect(!found.isPrinted)
  }
}
