import IptablesBackend
import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite("The text for iptables-restore")
struct RestoreTextTests {
  private let ruleset = Ruleset(tables: [everyInetNoun(), everyBridgeNoun()])

  @Test("every noun, as it is known to be right", arguments: AddressFamily.allCases)
  func everyNoun(_ family: AddressFamily) throws {
    let legalized = legalize(ruleset, family: family)
    let name = family == .ipv4 ? "iptables" : "ip6tables"
    try expectGolden(restoreText(legalized, header: ["every noun"]), "every-noun.\(name)")
    try expectGolden(hookScript([legalized]), "every-noun.\(name)-hooks")
    let problems = legalized.unsupported.map {
      "\($0.origin?.location ?? "-"): \($0): \($0.because); \($0.mend)\n"
    }.joined()
    try expectGolden(Array(problems.utf8), "every-noun.\(name)-unsupported")
  }
}
