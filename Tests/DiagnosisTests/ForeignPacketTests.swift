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
    let forward = findings.filter { $0.what.contains("(forward, IPv4)") }
    let input = findings.filter { $0.what.contains("(input, IPv4)") }
    #expect(forward.isEmpty == !drops.forward, "\(findings)")
    #expect(input.isEmpty == !drops.input, "\(findings)")
    #expect(try site.reaches(8080) == !drops.forward)
    #expect(try site.reaches(9000) == !drops.input)
    if drops.forward {
      #expect(forward.contains { $0.evidence[0].contains("-> 172.18.0.10:80") })
      #expect(forward.contains { $0.evidence[1].contains("p.ward:8") })
    }
  }

  private func foreignDrops(_ site: Site, _ policy: String) throws -> [Finding] {
    let result = try site.doctor(policy)
    #expect(result.errors == "")
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    return report.findings.filter { $0.kind == "foreign-drop" }
  }
}

/// A client out in the world, the host, and a guest on a bridge.
private struct Site {
  let client: NetworkNamespace
  let host: NetworkNamespace
  let guest: NetworkNamespace
  private let servers: [RunningCommand]

  init(group: Int) throws {
    let made = try NetworkNamespace.create(["client", "host", "guest"], of: group)
    (client, host, guest) = (made[0], made[1], made[2])
    try host.configure([
      "link set lo up", "link add eth0 type veth peer name eth0 netns \(client.name)",
      "link add br-front type bridge forward_delay 0",
      "link add to-guest type veth peer name eth0 netns \(guest.name)",
      "link set to-guest master br-front", "link set to-guest up", "link set br-front up",
      "link set eth0 up", "addr add 198.51.100.1/24 dev eth0",
      "addr add 172.18.0.1/16 dev br-front",
    ])
    try client.configure(["link set eth0 up", "addr add 198.51.100.7/24 dev eth0"])
    try guest.configure([
      "link set eth0 up", "addr add 172.18.0.10/16 dev eth0", "route add default via 172.18.0.1",
    ])
    try host.set([("ipv4/ip_forward", 1)])
    servers = [try Self.serve(80, in: guest), try Self.serve(9000, in: host)]
  }

  private static func serve(_ port: Int, in place: NetworkNamespace) throws -> RunningCommand {
    let program = """
      import socket
      s = socket.create_server(("", \(port)))
      s.settimeout(60)
      while True: s.accept()[0].close()
      """
    return try place.perform {
      try TestSupport.Command(["python3", "-c", program]).start()
    }
  }

  func remove() {
    for server in servers { server.stop() }
    try? NetworkNamespace.remove([client, host, guest])
  }

  func load(_ policy: String) throws {
    let rules = try Command([Self.program, "compile", "--target", "nft", policy]).run()
    try host.perform { _ = try Command(["nft", "-f", "-"], input: rules).run() }
  }

  /// The program that was built with the tests.
  private static let program = Bundle.main.bundleURL.appendingPathComponent("bridgeward").path

  func doctor(_ policy: String) throws -> Command.Result {
    // ip-netns(8) shows the namespace's own sysfs, too.
    try Command([
      "ip", "netns", "exec", host.name, Self.program, "doctor", "--format", "json", policy,
    ])
    .result()
  }

  /// Whether a connection of the client comes about.
  func reaches(_ port: Int) throws -> Bool {
    let program = """
      import socket, sys
      try: socket.create_connection(("198.51.100.1", \(port)), 1.5).close()
      except OSError: sys.exit(1)
      """
    return try client.perform { try Command(["python3", "-c", program]).result() }.status == 0
  }
}
