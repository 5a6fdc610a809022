import TestSupport
import Testing

/// `apply --backend iptables`, with both variants.
@Suite struct IptablesApplyTests {
  @Test(arguments: ["nft", "legacy"]) func comesAndGoes(_ variant: String) throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small)
    let programs = "IPTABLES=iptables-\(variant) IP6TABLES=ip6tables-\(variant)"
    let apply = "\(programs) \"$0\" apply --backend iptables --state-dir \"$1\" \(policy)"
    let first = try host.shell(apply)
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.hasSuffix("applied\n"))
    #expect(try host.setting("net.ipv4.ip_forward") == "1")
    let rules = try host.shell("iptables-\(variant)-save").output
    #expect(rules.contains("--to-destination 10.20.0.10:80"))
    #expect(try host.shell(apply).output == "nothing to change\n")
    let remove = try host.shell("\(programs) \"$0\" remove --state-dir \"$1\"")
    #expect(remove.status == 0, "\(remove.errors)")
    #expect(try !host.shell("iptables-\(variant)-save").output.contains("BW-"))
    #expect(try host.setting("net.ipv4.ip_forward") == "0")
  }

  /// Two sets of the same rules would translate packets twice.
  @Test func standsBackFromTables() throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small)
    #expect(try host.bridgeward("apply", policy).status == 0)
    let before = try host.listing()
    let run = try host.bridgeward("apply", "--backend", "iptables", policy)
    #expect(run.status == 3)
    #expect(run.errors.contains("bridgeward remove"), "\(run.errors)")
    #expect(try host.listing() == before)
  }
}
