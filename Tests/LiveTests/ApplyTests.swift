import KernelTestSupport
import ScratchFiles
import TestSupport
import Testing

/// What `apply` does to a host, and what it leaves alone.
@Suite struct ApplyTests {
  @Test func listsAsTheScriptDoes() throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.larger)
    let applied = try host.bridgeward("apply", policy)
    #expect(applied.status == 0, "\(applied.errors)")
    let fresh = try LiveHost()
    try fresh.nft("-f", fresh.scratch.write("policy.nft", host.script(of: policy)))
    #expect(try host.listing() == fresh.listing())
  }

  @Test func sendsNothingTheSecondTime() throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.larger)
    #expect(try host.bridgeward("apply", policy).status == 0)
    let before = try host.generation()
    let again = try host.bridgeward("apply", policy)
    #expect(again.status == 0)
    #expect(again.output == "nothing to change\n")
    #expect(try host.generation() == before)
    #expect(try host.bridgeward("history").output.split(separator: "\n").count == 1)
  }

  @Test func stepsEndWhereAFreshLoadDoes() throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small)
    #expect(try host.bridgeward("apply", small).status == 0)
    let larger = try host.policy(SamplePolicy.larger)
    #expect(try host.bridgeward("apply", larger).status == 0)
    let fresh = try LiveHost()
    try fresh.nft("-f", fresh.scratch.write("larger.nft", host.script(of: larger)))
    #expect(try host.rules().canonical == fresh.rules().canonical)
  }

  @Test func leavesOthersTablesAlone() throws {
    let host = try LiveHost()
    try host.nft(
      "add table inet other { chain forward { counter drop; }; set s { type ipv4_addr; }; }")
    let others = try host.listing()
    let policy = try host.policy(SamplePolicy.small)
    #expect(try host.bridgeward("apply", policy).status == 0)
    #expect(try host.listing().contains(others))
    #expect(try host.bridgeward("remove").status == 0)
    #expect(try host.listing() == others)
  }

  @Test func keepsCountersOfRulesThatStay() throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small)
    #expect(try host.bridgeward("apply", policy).status == 0)
    // Counted by `ct state invalid counter drop`: packets to the network without a bridge are none,
    // so a rule's counter is put there by hand as the kernel would.
    let listing = try host.nft("-a", "list", "chain", "inet", "bridgeward", "forward")
    let line = try #require(listing.split(separator: "\n").first { $0.contains("counter packets") })
    let handle = try #require(line.split(separator: " ").last.map(String.init))
    let text = line.replacing(/packets 0 bytes 0/, with: "packets 7 bytes 588")
      .replacing(/[ ]# handle .*/, with: "")
    try host.nft("replace rule inet bridgeward forward handle \(handle) \(text)")
    let larger = try host.policy(SamplePolicy.larger)
    #expect(try host.bridgeward("apply", larger).status == 0)
    #expect(try host.listing().contains("packets 7 bytes 588"))
  }

  @Test func takesOutForeignEditsOfItsOwnTables() throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small)
    #expect(try host.bridgeward("apply", policy).status == 0)
    let clean = try host.listing()
    try host.nft("insert rule inet bridgeward forward ip protocol 47 drop")
    let difference = try host.bridgeward("diff", policy)
    #expect(difference.status == 1)
    #expect(difference.output.contains("somebody else"))
    #expect(try host.bridgeward("apply", policy).status == 0)
    #expect(try host.listing() == clean)
  }

  @Test func setsAndPutsBackSettings() throws {
    let host = try LiveHost()
    #expect(try host.setting("net.ipv4.ip_forward") == "0")
    let policy = try host.policy(SamplePolicy.small)
    #expect(try host.bridgeward("apply", policy).status == 0)
    #expect(try host.setting("net.ipv4.ip_forward") == "1")
    #expect(try host.bridgeward("remove").status == 0)
    #expect(try host.setting("net.ipv4.ip_forward") == "0")
    #expect(try host.listing() == "")
  }

  @Test func changesNothingOnADryRun() throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small)
    let run = try host.bridgeward("apply", "--dry-run", policy)
    #expect(run.status == 1)
    #expect(run.output.contains("publish tcp 0.0.0.0:8080"))
    #expect(try host.listing() == "")
    #expect(try host.setting("net.ipv4.ip_forward") == "0")
  }
}
