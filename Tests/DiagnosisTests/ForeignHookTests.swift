import Foundation
import ScratchFiles
import TestSupport
import Testing

/// Rules of others at the other hooks: before routing, on the way out, in the host's own packets.
@Suite("What others do before and after is found, and is so")
struct ForeignHookTests {
  /// Rules of somebody else, and what comes of them.
  struct Case: CustomTestStringConvertible {
    let name: String
    let program: [String]
    let rules: String
    /// `problem` or `note`; `nil` where there is nothing to say.
    let gravity: String?
    let kind: String
    let hook: String
    /// What the three flows come to; `nil` for nothing.
    var published: String? = "guest sees 198.51.100.7"
    var fromHost: String? = "guest sees 172.18.0.1"
    var wayOut: String? = "client sees 198.51.100.1"

    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "a drop before routing, nft", program: ["nft", "-f", "-"],
      rules: """
        table inet theirs {
          chain early {
            type filter hook prerouting priority mangle; policy accept;
            tcp dport 8080 counter drop
          }
        }
        """, gravity: "problem", kind: "foreign-drop", hook: "prerouting", published: nil),
    Case(
      name: "a drop in raw, iptables-nft", program: ["iptables-nft-restore"],
      rules: """
        *raw
        :PREROUTING ACCEPT [0:0]
        -A PREROUTING -i eth0 -p tcp -m tcp --dport 8080 -j DROP
        COMMIT

        """, gravity: "problem", kind: "foreign-drop", hook: "prerouting", published: nil),
    Case(
      name: "a drop on the way out, iptables-legacy", program: ["iptables-legacy-restore"],
      rules: """
        *mangle
        :POSTROUTING ACCEPT [0:0]
        -A POSTROUTING -s 198.51.100.0/24 -o br-front -p tcp -m tcp --dport 80 -j DROP
        COMMIT

        """, gravity: "problem", kind: "foreign-drop", hook: "postrouting", published: nil),
    Case(
      name: "a drop of what the host sends", program: ["nft", "-f", "-"],
      rules: """
        table ip theirs {
          chain mine {
            type filter hook output priority filter; policy accept;
            oifname "br-front" ct state new reject with tcp reset
          }
        }
        """, gravity: "problem", kind: "foreign-drop", hook: "output", fromHost: nil),
    Case(
      name: "a redirect before ours", program: ["nft", "-f", "-"],
      rules: """
        table ip theirs {
          chain before {
            type nat hook prerouting priority -110; policy accept;
            tcp dport 8080 redirect to :9000
          }
        }
        """, gravity: "problem", kind: "foreign-redirect", hook: "prerouting",
      published: "host sees 198.51.100.7"),
    Case(
      name: "a redirect beside ours, loaded last", program: ["iptables-nft-restore"],
      rules: """
        *nat
        :PREROUTING ACCEPT [0:0]
        -A PREROUTING -p tcp -m tcp --dport 8080 -j REDIRECT --to-ports 9000
        COMMIT

        """, gravity: "note", kind: "foreign-redirect", hook: "prerouting",
      published: "host sees 198.51.100.7"),
    Case(
      name: "a redirect after ours", program: ["nft", "-f", "-"],
      rules: """
        table ip theirs {
          chain after {
            type nat hook prerouting priority -90; policy accept;
            tcp dport 8080 redirect to :9000
          }
        }
        """, gravity: nil, kind: "foreign-redirect", hook: "prerouting"),
    Case(
      name: "a redirect of what the host sends", program: ["iptables-nft-restore"],
      rules: """
        *nat
        :OUTPUT ACCEPT [0:0]
        -A OUTPUT -d 172.18.0.0/16 -p tcp -m tcp --dport 80 -j DNAT --to-destination 127.0.0.1:9000
        COMMIT

        """, gravity: "problem", kind: "foreign-redirect", hook: "output",
      fromHost: "host sees 172.18.0.1"),
    Case(
      name: "everything masqueraded", program: ["iptables-nft-restore"],
      rules: """
        *nat
        :POSTROUTING ACCEPT [0:0]
        -A POSTROUTING -j MASQUERADE
        COMMIT

        """, gravity: "problem", kind: "foreign-rewrite", hook: "postrouting",
      published: "guest sees 172.18.0.1"),
    Case(
      name: "masqueraded as the policy does", program: ["iptables-legacy-restore"],
      rules: """
        *nat
        :POSTROUTING ACCEPT [0:0]
        -A POSTROUTING -s 172.18.0.0/16 -o eth0 -j MASQUERADE
        COMMIT

        """, gravity: nil, kind: "foreign-rewrite", hook: "postrouting"),
    Case(
      name: "another source before ours", program: ["nft", "-f", "-"],
      rules: """
        table ip theirs {
          chain leaving {
            type nat hook postrouting priority 90; policy accept;
            ip saddr 172.18.0.0/16 oifname "eth0" snat to 198.51.100.2
          }
        }
        """, gravity: "problem", kind: "foreign-rewrite", hook: "postrouting",
      wayOut: "client sees 198.51.100.2"),
  ]

  private static let policy = """
    language 1
    uplink eth0
    network front {
        bridge    br-front
        subnet    172.18.0.0/16
        masquerade
        container web 172.18.0.10
        publish tcp 8080 -> web:80 from any
    }
    allow host -> web tcp 80
    """

  private struct Finding: Decodable {
    let kind: String
    let gravity: String
    let what: String
    let evidence: [String]
    let mend: [String]
  }

  private struct Report: Decodable { let findings: [Finding] }

  @Test("with", arguments: Array(cases.enumerated()))
  func packets(_ numbered: (offset: Int, element: Case)) throws {
    let (offset, wanted) = numbered
    let site = try Site(group: 8200 + offset)
    defer { site.remove() }
    let scratch = try Scratch()
    let policy = try scratch.write("p.ward", Self.policy)
    try site.host.configure(["addr add 198.51.100.2/24 dev eth0"])
    try site.load(policy)
    #expect(try findings(site, policy).isEmpty)
    try site.host.perform { _ = try Command(wanted.program, input: wanted.rules).run() }
    try expect(site, wanted)
    let found = try findings(site, policy)
    guard let gravity = wanted.gravity else {
      #expect(found.isEmpty, "\(found)")
      return
    }
    #expect(found.count == 1, "\(found)")
    let finding = try #require(found.first)
    #expect(finding.kind == wanted.kind && finding.gravity == gravity, "\(finding)")
    #expect(finding.what.hasSuffix("(\(wanted.hook), IPv4)"), "\(finding)")
    #expect(finding.evidence[1].contains("p.ward:"))
    let commands = finding.mend.filter { $0.hasPrefix("$ ") }
    #expect(commands.isEmpty == (wanted.wayOut?.hasSuffix(".2") == true), "\(finding.mend)")
    for line in commands { try site.host.run("sh", "-c", String(line.dropFirst(2))) }
    guard !commands.isEmpty else { return }
    #expect(try findings(site, policy).isEmpty, "\(commands)")
    let mended = Case(
      name: "", program: [], rules: "", gravity: nil, kind: "", hook: "")
    try expect(site, mended)
  }

  private func expect(_ site: Site, _ wanted: Case) throws {
    #expect(try site.answer(to: site.client, "198.51.100.1", 8080) == wanted.published)
    #expect(try site.answer(to: site.host, "172.18.0.10", 80) == wanted.fromHost)
    #expect(try site.answer(to: site.guest, "198.51.100.7", 443) == wanted.wayOut)
  }

  private func findings(_ site: Site, _ policy: String) throws -> [Finding] {
    let result = try site.doctor(policy)
    #expect(result.errors == "")
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    return report.findings.filter { $0.kind.hasPrefix("foreign-") }
  }
}
