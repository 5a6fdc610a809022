import Driver
import Foundation
import Host
import IptablesBackend
import Netfilter
import NetworkTypes
import RulesetTestSupport
import ScratchFiles
import Testing
import TestSupport

@Suite("Policies come into the machine's iptables and out again")
struct IptablesLiveTests {
  private let ruleset = Ruleset(tables: [everyInetNoun()])

  /// Less of everything, so that chains, rules and calls go and others stay.
  private var smaller: Ruleset {
    var table = everyInetNoun()
    table.chains.removeAll { $0.name == "raw-prerouting" || $0.name == "effects" }
    for index in table.chains.indices {
      table.chains[index].rules.removeAll { $0.actions == [.verdict(.jump("effects"))] }
      if table.chains[index].name == "conditions" { table.chains[index].rules.remove(at: 7) }
    }
    return Ruleset(tables: [table])
  }

  @Test(
    "applying twice runs nothing the second time", arguments: IptablesVariant.allCases)
  func idempotent(_ variant: IptablesVariant) throws {
    let host = try LiveHost(variant)
    let first = try host.live().apply(ruleset)
    #expect(!first.isSame)
    #expect(host.changes == 2)
    let saved = try host.saved()
    #expect(saved.split(separator: "\n").filter { $0 == "-A FORWARD -j BW-forward" }.count == 2)
    let second = try host.live().apply(ruleset)
    #expect(second.isSame && second.drift.isEmpty)
    #expect(host.changes == 2)
    #expect(try host.saved() == saved)
    #expect(try host.live().compare(ruleset).isSame)
  }

  @Test(
    "what is left after any step is what a fresh start gives",
    arguments: IptablesVariant.allCases)
  func steps(_ variant: IptablesVariant) throws {
    let host = try LiveHost(variant)
    try host.live().apply(smaller)
    let wanted = try host.live().read()
    try host.live().apply(ruleset)
    let comparison = try host.live().apply(smaller)
    #expect(!comparison.isSame && comparison.drift.isEmpty)
    #expect(try host.live().read() == wanted)
  }

  @Test("counters of rules that stay survive", arguments: IptablesVariant.allCases)
  func countersSurvive(_ variant: IptablesVariant) throws {
    let host = try LiveHost(variant)
    try host.live().apply(ruleset)
    let program = "iptables-\(variant.rawValue)"
    // Restoring with -c sets the counter of one rule, as traffic would.
    let set = """
      \(program)-save -c -t filter | sed '0,/^.0:0. -A BW-conditions/s//[11:22] -A BW-conditions/' \
      | \(program)-restore -c
      """
    try host.shell(set)
    try host.live().apply(smaller)
    let line = try host.shell("\(program)-save -c | grep -m1 -- '-A BW-conditions'")
    #expect(line.hasPrefix("[11:22]"))
  }

  @Test("removal takes ours and leaves the rest", arguments: IptablesVariant.allCases)
  func removal(_ variant: IptablesVariant) throws {
    let host = try LiveHost(variant)
    let program = "iptables-\(variant.rawValue)"
    try host.shell(
      """
      for p in \(program) ip6tables-\(variant.rawValue); do
      $p -N OTHER; $p -A OTHER -j DROP; $p -A FORWARD -j OTHER; $p -P FORWARD DROP
      for t in raw mangle nat; do $p -t $t -S > /dev/null; done; done
      """)
    // The empty tables of nf_tables stay, as iptables leaves them.
    try host.live().apply(ruleset)
    try host.live().remove()
    let before = try host.saved()
    #expect(before.contains("OTHER") && !before.contains("BW-"))
    try host.live().apply(ruleset)
    #expect(try host.saved().contains("BW-"))
    try host.live().remove()
    #expect(try host.saved() == before)
    #expect(try host.live().remove().isSame)
  }

  @Test(
    "what somebody else put into our chains is told and goes",
    arguments: IptablesVariant.allCases)
  func drift(_ variant: IptablesVariant) throws {
    let host = try LiveHost(variant)
    let program = "iptables-\(variant.rawValue)"
    try host.live().apply(ruleset)
    try host.shell(
      """
      \(program) -I BW-conditions 3 -m state --state NEW -j NFLOG
      \(program) -A FORWARD -j BW-forward
      \(program) -A INPUT -i lo -j BW-leaf
      """)
    let comparison = try host.live().compare(ruleset)
    #expect(comparison.drift.count == 3, "\(comparison.drift)")
    #expect(comparison.drift.contains { $0.contains("NFLOG") })
    let text = IptablesReportText(IptablesReport(comparison), after: "p.ward").text
    #expect(text.contains("\n- -m state --state NEW -j NFLOG\n"))
    try host.live().apply(ruleset)
    let after = try host.live().compare(ruleset)
    #expect(after.isSame && after.drift.isEmpty, "\(after)")
  }

  @Test(
    "if the second family fails, the first is put back",
    arguments: IptablesVariant.allCases)
  func secondFamilyFails(_ variant: IptablesVariant) throws {
    let host = try LiveHost(variant)
    let scratch = try Scratch()
    let fake = "\(scratch.path)/ip6tables-restore"
    try Command.install("#!/bin/sh\necho 'no such table' >&2\nexit 1\n", at: fake)
    try Command.install(
      "#!/bin/sh\nexec ip6tables-\(variant.rawValue)-save\n", at: "\(scratch.path)/ip6tables-save")
    let broken = IptablesPrograms(
      ipv4: host.programs.ipv4, ipv6: String(fake.dropLast("-restore".count)))
    try host.live().apply(smaller)
    let before = try host.live().read()
    let error = #expect(throws: IptablesError.self) { try host.live(broken).apply(ruleset) }
    guard case .refused(let program, let complaint, .restored) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(program == fake && complaint == "no such table")
    #expect(try host.live().read() == before)
  }

  @Test("a program that is missing is named")
  func missingProgram() throws {
    let host = try LiveHost(.nft)
    let programs = IptablesPrograms(ipv4: "no-such-iptables", ipv6: "no-such-ip6tables")
    let error = #expect(throws: IptablesError.self) { try host.live(programs).apply(ruleset) }
    #expect(error.map { "\($0)" }?.contains("no-such-iptables-save") == true)
    #expect(host.changes == 0)
  }

  @Test("each variant is told", arguments: IptablesVariant.allCases)
  func variants(_ variant: IptablesVariant) throws {
    let told = try LiveHost(variant).live().variant(.ipv6)
    #expect(told == (variant == .nft ? .nft : .legacy))
  }
}
