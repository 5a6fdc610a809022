import Foundation
import TestSupport
import Testing

/// `trace --live` follows packets through the rules that stand in the kernel, others' included.
@Suite struct TraceLiveTests {
  private struct Answer: Decodable {
    struct Case: Decodable {
      struct Arrival: Decodable {
        let name: String
        let address: String
        let port: Int?
        let seenSource: End
      }
      struct End: Decodable { let address: String }
      struct Decision: Decodable {
        let reason: String
        let location: Location?
      }
      struct Location: Decodable { let start: Point }
      struct Point: Decodable { let line: Int }
      let verdict: String
      let arrival: Arrival?
      let decision: Decision
    }
    let backend: String
    let verdict: String
    let cases: [Case]
    let remarks: [String]
  }

  private func trace(_ host: LiveHost, _ words: String...) throws -> Answer {
    let line = "trace --live --state-dir \(host.stateDirectory) --format json --family ipv4"
    let run = try host.namespace.perform {
      try Command([LiveHost.program] + line.split(separator: " ").map(String.init) + words)
        .result()
    }
    try #require(run.status < 2, "\(run.errors)")
    return try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
  }

  @Test func rulesOfTheKernelAreAsked() throws {
    let network = try LiveNetwork()
    let host = network.host
    let policy = try host.policy(SamplePolicy.small, "small.ward")
    let before = try trace(host, policy, "10.99.0.2 -> host tcp 8080")
    #expect(before.backend == "live")
    #expect(before.remarks.contains("no rules of bridgeward are loaded"))
    // Without a mapping, the host itself answers.
    #expect(before.cases[0].arrival?.name == "host")

    #expect(try host.bridgeward("apply", policy).status == 0)
    let mapped = try trace(host, policy, "10.99.0.2 -> 10.99.0.1 tcp 8080")
    #expect(mapped.verdict == "allowed")
    #expect(mapped.cases[0].arrival?.name == "lab.web")
    #expect(mapped.cases[0].arrival?.port == 80)
    #expect(mapped.cases[0].arrival?.seenSource.address == "10.99.0.2")
    #expect(mapped.cases[0].decision.location?.start.line == 7)
    let leaving = try trace(host, policy, "web -> 10.99.0.2 tcp 80")
    #expect(leaving.cases[0].arrival?.seenSource.address == "10.99.0.1")
    #expect(try trace(host, policy, "10.99.0.2 -> web tcp 80").verdict == "denied")
    // Names are those of the policy that is in force, where no other is named.
    #expect(try trace(host, "10.99.0.2 -> host tcp 8080").cases[0].arrival?.name == "lab.web")
  }

  @Test func othersAreTakenIntoAccount() throws {
    let network = try LiveNetwork()
    let host = network.host
    let policy = try host.policy(SamplePolicy.small, "small.ward")
    #expect(try host.bridgeward("apply", policy).status == 0)
    let flow = "10.99.0.2 -> host tcp 8080"
    #expect(try trace(host, policy, flow).verdict == "allowed")

    try host.namespace.run("iptables-nft", "-P", "FORWARD", "DROP")
    let dropped = try trace(host, policy, flow)
    #expect(dropped.verdict == "denied")
    #expect(dropped.cases[0].decision.reason == "the policy of ip filter FORWARD is drop")
    // A rule of theirs lets it pass again.
    try host.namespace.run(
      "iptables-nft", "-A", "FORWARD", "-i", "up0", "-p", "tcp", "--dport", "80", "-j", "ACCEPT")
    try host.namespace.run(
      "iptables-nft", "-A", "FORWARD", "-m", "conntrack", "--ctstate", "ESTABLISHED", "-j", "ACCEPT"
    )
    #expect(try trace(host, policy, flow).verdict == "allowed")
  }

  /// What is not understood is said, and where it stands.
  @Test func whatIsNotUnderstoodIsSaid() throws {
    let network = try LiveNetwork()
    let host = network.host
    let policy = try host.policy(SamplePolicy.small, "small.ward")
    #expect(try host.bridgeward("apply", policy).status == 0)
    try host.nft("add table inet other")
    try host.nft("add chain inet other forward { type filter hook forward priority 0; }")
    try host.nft("add rule inet other forward iifname up0 tcp dport 80 meta cpu 3 drop")
    let answer = try trace(host, policy, "10.99.0.2 -> host tcp 8080")
    #expect(answer.verdict == "undecided")
    let reason = answer.cases[0].decision.reason
    #expect(reason.contains("chain `forward` (forward, priority 0) of the nft table `inet other`"))
    #expect(reason.contains("is not understood; the packet may be dropped there"))
    // It does not matter to packets that something else about the rule leaves out.
    #expect(try trace(host, policy, "web -> 10.99.0.2 tcp 80").verdict == "allowed")
  }

  /// Our chains of iptables are asked as what they are, whichever variant keeps them.
  @Test(arguments: ["nft", "legacy"]) func chainsOfIptablesAreAsked(_ variant: String) throws {
    let network = try LiveNetwork()
    let host = network.host
    let policy = try host.policy(SamplePolicy.small, "small.ward")
    let programs = "IPTABLES=iptables-\(variant) IP6TABLES=ip6tables-\(variant)"
    let run = try host.shell(
      "\(programs) \"$0\" apply --backend iptables --state-dir \"$1\" \(policy)")
    try #require(run.status == 0, "\(run.errors)")
    let mapped = try trace(
      host, "--backend", "iptables", policy, "10.99.0.2 -> 10.99.0.1 tcp 8080")
    #expect(mapped.verdict == "allowed")
    #expect(mapped.remarks == [])
    #expect(mapped.cases[0].arrival?.name == "lab.web")
    #expect(mapped.cases[0].arrival?.port == 80)
    #expect(mapped.cases[0].decision.location?.start.line == 7)
    #expect(
      try trace(host, "--backend", "iptables", policy, "10.99.0.2 -> web tcp 80").verdict
        == "denied")

    // What somebody else changed there counts, too.
    try host.namespace.run(
      "iptables-\(variant)", "-I", "BW-forward", "-p", "tcp", "--dport", "80", "-j", "DROP")
    let dropped = try trace(host, policy, "10.99.0.2 -> 10.99.0.1 tcp 8080")
    #expect(dropped.verdict == "denied")
    #expect(dropped.remarks == [])
    // And what is not understood is said.
    try host.namespace.run("iptables-\(variant)", "-D", "BW-forward", "1")
    try host.namespace.run(
      "iptables-\(variant)", "-I", "BW-forward", "-m", "cpu", "--cpu", "3", "-j", "DROP")
    let unknown = try trace(host, policy, "10.99.0.2 -> 10.99.0.1 tcp 8080")
    #expect(unknown.verdict == "undecided")
    #expect(unknown.cases[0].decision.reason.contains("is not understood"))
    #expect(unknown.remarks.contains { $0.contains("into our chain `BW-forward`") })
  }

  /// A mapping of somebody else's is followed where it says one address.
  @Test func mappingsOfOthersAreFollowed() throws {
    let network = try LiveNetwork()
    let host = network.host
    let policy = try host.policy(SamplePolicy.small, "small.ward")
    #expect(try host.bridgeward("apply", policy).status == 0)
    try host.nft("add table ip other")
    try host.nft("add chain ip other pre { type nat hook prerouting priority -110; }")
    try host.nft("add rule ip other pre tcp dport 7000 dnat to 10.20.0.11:5432")
    let flow = "10.99.0.2 -> 10.99.0.1 tcp 7000"
    // The bridge learns behind which port it is.
    try host.namespace.run("ping", "-c", "1", "-W", "2", "10.20.0.11")
    let followed = try trace(host, policy, flow)
    #expect(followed.verdict == "allowed")
    #expect(followed.cases[0].arrival?.name == "lab.db")
    #expect(followed.cases[0].arrival?.port == 5432)

    try host.nft("flush chain ip other pre")
    try host.nft("add rule ip other pre tcp dport 7000 dnat to 10.20.0.10-10.20.0.11")
    let range = try trace(host, policy, flow)
    #expect(range.verdict == "undecided")
    #expect(range.cases[0].decision.reason.contains("10.20.0.10/31"))

    try host.nft("delete table ip other")
    try host.namespace.run(
      "iptables-nft", "-t", "nat", "-A", "PREROUTING", "-p", "tcp", "--dport", "7001", "-j", "DNAT",
      "--to-destination", "10.20.0.10:80")
    let saved = try trace(host, policy, "10.99.0.2 -> 10.99.0.1 tcp 7001")
    #expect(saved.cases[0].arrival?.name == "lab.web")
    #expect(saved.cases[0].arrival?.port == 80)
  }

  /// A host with nothing but its loopback interface.
  @Test func aHostWithoutCardsIsTried() throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small, "small.ward")
    #expect(try trace(host, policy, "10.99.0.2 -> host tcp 8080").verdict != "allowed")
  }

  @Test func settingsOfTheHostCount() throws {
    let network = try LiveNetwork()
    let host = network.host
    let policy = try host.policy(SamplePolicy.small, "small.ward")
    #expect(try host.bridgeward("apply", policy).status == 0)
    try host.namespace.set([("ipv4/ip_forward", 0)])
    let answer = try trace(host, policy, "10.99.0.2 -> host tcp 8080")
    #expect(answer.verdict == "denied")
    #expect(answer.cases[0].decision.reason.contains("does not forward"))
  }

  @Test func rightsAreAskedFor() throws {
    let host = try LiveHost()
    let policy = try host.policy(SamplePolicy.small, "small.ward")
    let run = try host.shell("unshare --user \"$0\" trace --live \(policy) 'web -> db'")
    #expect(run.status == 3)
    #expect(run.errors.contains("CAP_NET_ADMIN"))
  }
}
