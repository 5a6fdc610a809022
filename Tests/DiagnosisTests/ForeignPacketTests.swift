import Foundation
import ScratchFiles
import TestSupport
import Testing

/// What doctor says of others' rules is what happens to packets.
@Suite("A drop that doctor finds is a drop")
struct ForeignPacketTests {
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
    default deny world -> host
    allow world -> host tcp 9000
    """

  private struct Finding: Decodable {
    let kind: String
    let what: String
    let evidence: [String]
    let mend: [String]
  }

  private struct Report: Decodable { let findings: [Finding] }

  @Test("with the rules of", arguments: ForeignFirewall.allCases)
  func packets(_ firewall: ForeignFirewall) throws {
    let group = 8000 + (ForeignFirewall.allCases.firstIndex(of: firewall) ?? 0)
    let site = try Site(group: group)
    defer { site.remove() }
    let scratch = try Scratch()
    let policy = try scratch.write("p.ward", Self.policy)
    try site.load(policy)
    if let (program, fixture) = firewall.loading {
      let rules = try ForeignFirewall.fixture(fixture)
      try site.host.perform { _ = try TestSupport.Command(program, input: rules).run() }
    }
    try expect(site, policy, drops: firewall.drops)
    guard firewall.canBeMended else { return }
    for finding in try foreignDrops(site, policy) {
      for line in finding.mend where line.hasPrefix("$ ") {
        try site.host.run("sh", "-c", String(line.dropFirst(2)))
      }
    }
    try expect(site, policy, drops: (false, false))
  }

  private func expect(
    _ site: Site, _ policy: String, drops: (forward: Bool, input: Bool)
  ) throws {
    let findings = try foreignDrops(site, policy)
    // Docker's own chains for the way in and out mind their own bridge.
    #expect(findings.allSatisfy { $0.what.contains("(forward") || $0.what.contains("(input") })
    let forward = findings.filter { $0.what.contains("(forward, IPv4)") }
    let input = findings.filter { $0.what.contains("(input, IPv4)") }
    #expect(forward.isEmpty == !drops.forward, "\(findings)")
    #expect(input.isEmpty == !drops.input, "\(findings)")
    #expect(try site.reaches(8080) == !drops.forward)
    #expect(try site.reaches(9000) == !drops.input)
    if drops.forward {
      #expect(forward.contains { $0.evidence[0].contains("-> 172.18.0.10:80") })
      #expect(forward.contains { $0.evidence[1].contains("p.ward:8") })
      #expect(forward.allSatisfy { !$0.mend.isEmpty })
    }
  }

  private func foreignDrops(_ site: Site, _ policy: String) throws -> [Finding] {
    let result = try site.doctor(policy)
    #expect(result.errors == "")
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    return report.findings.filter { $0.kind == "foreign-drop" }
  }
}
