import Driver
import Testing

@Suite("What doctor understands of others' rules")
struct ForeignRuleTests {
  private let policy = """
    language 1
    uplink eth0
    network front {
        bridge    br-front
        subnet    172.18.0.0/16
        internal
        container web 172.18.0.10
    }
    network back {
        bridge    br-back
        subnet    172.19.0.0/16
        internal
        container db 172.19.0.10
    }
    allow web -> db tcp 5432
    """

  /// The findings where iptables-legacy has `rules` in its table filter.
  private func findings(_ rules: String, drops: Bool = true) throws -> [DoctorFinding] {
    var host = try DoctorHost()
    try host.file("proc/net/ip_tables_names", "filter\n")
    host.outputs["iptables-legacy-save"] = """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD \(drops ? "DROP" : "ACCEPT") [0:0]
      :OUTPUT ACCEPT [0:0]
      :SUB - [0:0]
      \(rules)
      COMMIT

      """
    return try host.examine(policy).findings.filter {
      $0.kind == .foreignDrop || $0.kind == .foreignUnclear
    }
  }

  @Test(
    "a flow that some rule lets pass",
    arguments: [
      "-A FORWARD -i br-front -j ACCEPT",
      "-A FORWARD -i br-+ -o br-back -p tcp -m tcp --dport 5432 -j ACCEPT",
      "-A FORWARD -s 172.18.0.0/15 -d 172.19.0.10/32 -m conntrack --ctstate NEW -j ACCEPT",
      "-A FORWARD ! -i eth0 -p tcp -m multiport --dports 80,5000:6000 -j ACCEPT",
      "-A FORWARD -m iprange --dst-range 172.19.0.1-172.19.0.20 -j ACCEPT",
      "-A SUB -p tcp -j ACCEPT\n-A FORWARD -p udp -j DROP\n-A FORWARD -j SUB",
      "-A SUB -i eth0 -j DROP\n-A FORWARD -g SUB\n-A FORWARD -j DROP",
      "-A FORWARD -j BW-forward",
      "-A FORWARD -m comment --comment \"a -j DROP b\" -j ACCEPT",
    ])
  func passes(_ rules: String) throws {
    // The chain that is gone to ends in the policy.
    let isGoto = rules.contains("-g SUB")
    #expect(try findings(rules, drops: !isGoto) == [])
  }

  @Test(
    "a flow that some rule drops",
    arguments: [
      ("-A FORWARD -d 172.19.0.0/16 -j DROP", "`-A FORWARD -d 172.19.0.0/16 -j DROP` in `FORWARD`"),
      ("-A SUB -j REJECT\n-A FORWARD -o br-back -j SUB", "`-A SUB -j REJECT` in `SUB`"),
      (
        "-A SUB -j RETURN\n-A SUB -j ACCEPT\n-A FORWARD -j SUB\n-A FORWARD -p tcp -j DROP",
        "`-A FORWARD -p tcp -j DROP` in `FORWARD`"
      ),
      (
        "-A FORWARD -m limit --limit 1/sec -j LOG\n-A FORWARD -j DROP",
        "`-A FORWARD -j DROP` in `FORWARD`"
      ),
    ])
  func drops(_ rules: String, _ place: String) throws {
    let found = try findings(rules, drops: false)
    #expect(found.map(\.kind) == [.foreignDrop])
    #expect(
      found.first?.evidence[0]
        == "tcp 172.18.0.10 -> 172.19.0.10:5432, in by br-front, out by br-back")
    #expect(found.first?.evidence[2] == "it is dropped: \(place)")
  }

  @Test(
    "what is not understood is said, not guessed",
    arguments: [
      ("-A FORWARD -m mark --mark 0x1 -j ACCEPT", true),
      ("-A FORWARD -m set --match-set good src -j SUB\n-A SUB -j ACCEPT", true),
      ("-A FORWARD -m recent --name bad --rcheck -j DROP", false),
      ("-A FORWARD -j NFQUEUE --queue-num 0", false),
    ])
  func unclear(_ rules: String, _ drops: Bool) throws {
    let found = try findings(rules, drops: drops)
    #expect(found.map(\.kind) == [.foreignUnclear])
    #expect(found.first?.gravity == .note)
    #expect(found.first?.evidence.contains { $0.hasPrefix("not understood: `-A FORWARD") } == true)
  }

  @Test("a loop of jumps ends")
  func loops() throws {
    let rules = "-A FORWARD -j SUB\n-A SUB -j SUB\n-A SUB -j SUB\n-A SUB -j SUB"
    #expect(try findings(rules).map(\.kind) == [.foreignDrop])
  }

  @Test("rules that look into maps and sets of nft")
  func maps() throws {
    var host = try DoctorHost()
    host.outputs["nft -j list tables"] = """
      {"nftables": [{"table": {"family": "inet", "name": "fw", "handle": 1}}]}
      """
    host.outputs["nft -a list table inet fw"] = """
      table inet fw { # handle 1
        chain forward { # handle 2
          type filter hook forward priority filter; policy accept;
          iifname vmap @ways # handle 7
          ip daddr @bad drop # handle 8
        }
        chain back { # handle 3
          tcp dport 5432 drop # handle 9
        }
      }
      """
    let head = """
      {"nftables": [
      {"map": {"family": "inet", "name": "ways", "table": "fw", "type": "ifname", "map": "verdict",
        "elem": [["eth0", {"accept": null}], ["br-front", {"jump": {"target": "back"}}]]}},
      {"set": {"family": "inet", "name": "bad", "table": "fw", "type": "ipv4_addr",
        "elem": [{"prefix": {"addr": "172.19.0.0", "len": 24}}, "192.0.2.1"]}},
      {"chain": {"family": "inet", "table": "fw", "name": "forward", "handle": 2, "type": "filter",
        "hook": "forward", "prio": 0, "policy": "accept"}},
      {"chain": {"family": "inet", "table": "fw", "name": "back", "handle": 3}},
      {"rule": {"family": "inet", "table": "fw", "chain": "forward", "handle": 7, "expr": [
        {"vmap": {"key": {"meta": {"key": "iifname"}}, "data": "@ways"}}]}},
      {"rule": {"family": "inet", "table": "fw", "chain": "forward", "handle": 8, "expr": [
        {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "daddr"}},
          "right": "@bad"}}, {"counter": {"packets": 0, "bytes": 0}}, {"drop": null}]}}
      """
    let back = """
      , {"rule": {"family": "inet", "table": "fw", "chain": "back", "handle": 9, "expr": [
        {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}},
          "right": PORT}}, {"drop": null}]}}]}
      """
    host.outputs["nft -j list table inet fw"] = head + back.replacing("PORT", with: "5432")
    let mapped = try host.examine(policy).findings.first { $0.kind == .foreignDrop }
    #expect(mapped?.evidence[2] == "it is dropped: `tcp dport 5432 drop` in `back`")
    host.outputs["nft -j list table inet fw"] = head + back.replacing("PORT", with: "22")
    let listed = try host.examine(policy).findings.first { $0.kind == .foreignDrop }
    #expect(listed?.evidence[2] == "it is dropped: `ip daddr @bad drop` in `forward`")
  }

  @Test("damaged listings are told")
  func damage() throws {
    var host = try DoctorHost()
    host.outputs["nft -j list tables"] = "{\"nftables\": ["
    let report = try host.examine(policy)
    let unread = report.findings.first { $0.kind == .foreignUnread }
    #expect(unread?.evidence == ["what `nft -j list tables` shows is no JSON"])
    #expect(report.problems == 0)
  }
}

/// What is to be done about a drop.
@Suite("Mends of doctor")
struct MendTests {
  private let policy = """
    language 1
    uplink eth0
    network front {
        bridge    br-front
        subnet    172.18.0.0/16
        masquerade
        serve dns
        container web 172.18.0.10
    }
    default deny world -> host
    allow world -> host tcp 9000
    """

  /// The mends for each drop where the table of nft drops all it sees.
  private func mends(_ table: String) throws -> [[String]] {
    var host = try DoctorHost()
    try host.file("proc/net/fib_trie", "  |-- 192.0.2.1\n     /32 host LOCAL\n")
    host.outputs["nft -j list tables"] = """
      {"nftables": [{"table": {"family": "inet", "name": "\(table)", "handle": 1}}]}
      """
    host.outputs["nft -a list table inet \(table)"] = "table inet \(table) { # handle 1\n}\n"
    let chains = ["forward", "input"].map { hook in
      """
      {"chain": {"family": "inet", "table": "\(table)", "name": "\(hook)", "handle": 2,
        "type": "filter", "hook": "\(hook)", "prio": 0, "policy": "drop"}}
      """
    }
    host.outputs["nft -j list table inet \(table)"] =
      "{\"nftables\": [\(chains.joined(separator: ","))]}"
    return try host.examine(policy).findings.filter { $0.kind == .foreignDrop }.map(\.mend)
  }

  /// As tried with firewalld 1.3.3: a policy's target and its zones are set one by one.
  @Test func firewalld() throws {
    let policy = [
      "$ firewall-cmd --permanent --new-policy=bridgeward-fwd",
      "$ firewall-cmd --permanent --policy=bridgeward-fwd --set-target=ACCEPT",
      "$ firewall-cmd --permanent --policy=bridgeward-fwd --add-ingress-zone=ANY",
      "$ firewall-cmd --permanent --policy=bridgeward-fwd --add-egress-zone=ANY",
    ]
    let found = try mends("firewalld")
    #expect(found.count == 2)
    #expect(found.first == policy + ["$ firewall-cmd --reload"])
    #expect(
      found.last == [
        "$ firewall-cmd --permanent --new-zone=bridgeward",
        "$ firewall-cmd --permanent --zone=bridgeward --add-interface=br-front",
      ] + policy + [
        "$ firewall-cmd --permanent --zone=bridgeward --add-port=53/udp",
        "$ firewall-cmd --permanent --zone=\"$(firewall-cmd --get-zone-of-interface=eth0)\" "
          + "--add-port=9000/tcp",
        "$ firewall-cmd --reload",
      ])
  }

  @Test func theHostIsOpenedPortByPort() throws {
    let found = try mends("filter")
    #expect(
      found.first?.first
        == "$ nft 'insert rule inet filter forward iifname \"br-front\" oifname \"eth0\" accept'")
    #expect(
      found.last?.prefix(2) == [
        "$ nft 'insert rule inet filter input iifname \"br-front\" udp dport 53 accept'",
        "$ nft 'insert rule inet filter input iifname \"eth0\" tcp dport 9000 accept'",
      ])
  }
}
