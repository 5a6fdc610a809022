import Driver
import Testing

@Suite("What doctor reads from the system")
struct SystemCheckTests {
  private let policy = """
    language 1
    uplink eth0
    network front {
        bridge    br-front
        subnet    172.18.0.0/16
        masquerade
        container web 172.18.0.10
        container app 172.18.0.11
        publish tcp 8080 -> web:80 from any
        publish tcp 192.0.2.1:443 -> web from any
        publish udp 53 -> app from any
    }
    """

  /// A machine on which all is well.
  private func host() throws -> DoctorHost {
    let host = try DoctorHost()
    try host.file(
      "proc/net/dev",
      """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets
          lo:       0       0    0    0    0     0          0         0        0       0
        eth0: 1234567     890    0    0    0     0          0         0        0       0
      br-front:       0       0    0    0    0     0          0         0        0       0

      """)
    try host.file(
      "proc/net/fib_trie",
      """
      Main:
        +-- 0.0.0.0/0 3 0 5
           |-- 0.0.0.0
              /0 universe UNICAST
           +-- 192.0.2.0/24 2 0 2
              |-- 192.0.2.0
                 /24 link UNICAST
              |-- 192.0.2.1
                 /32 host LOCAL
              |-- 172.18.0.1
                 /32 host LOCAL

      """)
    try host.file("proc/sys/net/ipv4/ip_forward", "1\n")
    try host.file("proc/sys/net/ipv4/conf/br-front/route_localnet", "1\n")
    try host.file("sys/class/net/eth0/mtu", "1500\n")
    try host.file("sys/class/net/br-front/mtu", "1500\n")
    return host
  }

  @Test func nothingIsSaidWhereAllIsWell() throws {
    #expect(try host().kinds(policy) == [])
  }

  @Test func missingInterfacesAreNamed() throws {
    let host = try host()
    try host.file("proc/net/dev", "a\nb\n    lo: 0 0\n  eth0: 0 0\n")
    let report = try host.examine(policy)
    #expect(report.findings.first?.kind == .interfaceMissing)
    #expect(report.findings.first?.what.contains("`br-front`") == true)
    #expect(report.problems == 1)
  }

  @Test func addressesOfOthersAreNamed() throws {
    let strange = policy.replacing("192.0.2.1:443", with: "192.0.2.9:443")
    let report = try host().examine(strange)
    #expect(report.findings.first?.kind == .addressMissing)
    #expect(report.findings.first?.evidence.first?.contains("p.ward:10") == true)
  }

  @Test func forwardingAndOtherSettingsAreRead() throws {
    let host = try host()
    try host.file("proc/sys/net/ipv4/ip_forward", "0\n")
    try host.file("proc/sys/net/ipv4/conf/br-front/route_localnet", "0\n")
    #expect(try host.kinds(policy) == ["forwarding-off", "setting-missing"])
    let report = try host.examine(policy)
    #expect(report.findings[0].mend.last == "$ sysctl -w net.ipv4.ip_forward=1")
  }

  @Test func bridgedFramesAreAMatterOfANote() throws {
    let host = try host()
    try host.file("proc/sys/net/bridge/bridge-nf-call-iptables", "1\n")
    let report = try host.examine(policy)
    #expect(report.problems == 0)
    #expect(report.findings.contains { $0.kind == .bridgeFilterOn && $0.gravity == .note })
  }

  @Test func strictReversePathsMatterWithTwoUplinks() throws {
    let host = try host()
    try host.file("proc/sys/net/ipv4/conf/all/rp_filter", "1\n")
    #expect(try host.kinds(policy) == [])
    let two = policy.replacing("uplink eth0", with: "uplink eth0, lo")
    #expect(try host.kinds(two) == ["reverse-path-filter", "reverse-path-filter"])
    try host.file("proc/sys/net/ipv4/conf/all/rp_filter", "2\n")
    #expect(try host.kinds(two) == [])
  }

  @Test func aSmallerUplinkIsTold() throws {
    let host = try host()
    try host.file("sys/class/net/eth0/mtu", "1400\n")
    #expect(try host.kinds(policy) == ["mtu-too-large"])
    #expect(try host.kinds(policy + "\nmss clamp\n") == [])
  }

  @Test func whoListensOnAPublishedPortIsNamed() throws {
    let host = try host()
    let head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt uid\n"
    // 0.0.0.0:8080 listens; 127.0.0.1:443 does, but the publish is on another address; port 22 is
    // nobody's; 8080 below is a connection.
    try host.file(
      "proc/net/tcp",
      head + """
           0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1
           1: 0100007F:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4712 1
           2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4713 1
           3: 010200C0:1F90 076433C6:C350 01 00000000:00000000 00:00000000 00000000 0 0 4714 1

        """)
    // A resolver on ::, which hears IPv4, too.
    let any = String(repeating: "0", count: 32)
    try host.file(
      "proc/net/udp6",
      head + "  0: \(any):0035 \(any):0000 07 00000000:00000000 00:00000000 00000000 0 0 4715 2\n")
    let report = try host.examine(policy)
    #expect(report.findings.filter { $0.kind == .portTaken }.count == 2)
    #expect(report.findings[0].evidence[0] == "it listens on 0.0.0.0 port 8080")
    #expect(report.findings[1].evidence[0] == "it listens on :: port 53")
  }

  @Test func flushingBootScriptsAreFound() throws {
    let host = try host()
    let script = "#!/usr/sbin/nft -f\n# flush ruleset\n\nflush ruleset\ntable inet filter {}\n"
    try host.file("etc/nftables.conf", script)
    #expect(try host.kinds(policy) == [])
    try host.file("etc/systemd/system/sysinit.target.wants/nftables.service", "")
    let report = try host.examine(policy)
    #expect(report.findings.map(\.kind) == [.foreignUnread, .rulesFlushedAtBoot].reversed())
    #expect(report.findings[0].evidence[0] == "/etc/nftables.conf:4: flush ruleset")
    try host.file("etc/systemd/system/multi-user.target.wants/bridgeward.service", "")
    #expect(try host.examine(policy).problems == 0)
  }

  @Test func legacyTablesBesideNewOnesAreFound() throws {
    var host = try host()
    try host.file("proc/net/ip_tables_names", "filter\n")
    host.outputs["iptables-legacy-save"] = """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD DROP [0:0]
      :OUTPUT ACCEPT [0:0]
      COMMIT

      """
    host.outputs["nft -j list tables"] = """
      {"nftables": [{"metainfo": {"version": "1.0.6"}},
      {"table": {"family": "inet", "name": "bridgeward", "handle": 1}}]}
      """
    let report = try host.examine(policy)
    #expect(report.findings.contains { $0.kind == .mixedTools })
    let drop = report.findings.first { $0.kind == .foreignDrop }
    #expect(drop?.evidence[2] == "it is dropped: the policy of `FORWARD` is drop")
    #expect(
      drop?.mend.contains("$ iptables-legacy -I FORWARD -i eth0 -o br-front -j ACCEPT") == true)
  }
}
