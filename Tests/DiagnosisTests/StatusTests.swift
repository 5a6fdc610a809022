import Driver
import Foundation
import ScratchFiles
import Testing
import TestSupport

@Suite("What status says is in force")
struct StatusTests {
  private let policy = """
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
    """

  private func report(_ result: TestSupport.Command.Result) throws -> [String: Any] {
    try #require(
      JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any],
      "\(result.errors)")
  }

  @Test func countsByLineAndFindsDrift() throws {
    let site = try Site(group: 8100)
    defer { site.remove() }
    let scratch = try Scratch()
    let path = try scratch.write("p.ward", policy)
    let empty = try site.bridgeward("status", "--format", "json")
    #expect(try report(empty)["loaded"] as? Bool == false)
    #expect(empty.status == 0)
    try site.load(path)
    // Nobody may: the line counts it.
    #expect(try site.reaches(9000) == false)
    let same = try site.bridgeward("status", "--format", "json", path)
    let before = try report(same)
    #expect(same.status == 0, "\(same.output)")
    #expect((before["drift"] as? [String: Any])?["same"] as? Bool == true)
    let counters = try #require(before["counters"] as? [[String: Any]])
    let denial = counters.first { ($0["location"] as? String)?.hasSuffix("p.ward:10") == true }
    #expect((denial?["packets"] as? Int ?? 0) > 0, "\(counters)")
    let text = try site.bridgeward("status", path)
    #expect(text.output.contains("drift: none, compared with \(path)\n"))
    #expect(text.output.contains("packets  bytes  line"))
    try site.host.run("nft", "insert rule inet bridgeward forward counter accept")
    let changed = try site.bridgeward("status", "--format", "json", path)
    #expect(changed.status == 1)
    let drift = try report(changed)["drift"] as? [String: Any]
    #expect((drift?["foreign"] as? [String])?.count == 1, "\(changed.output)")
  }

  @Test(
    "counts by line and finds drift in iptables", arguments: ["iptables-nft", "iptables-legacy"])
  func iptables(variant: String) throws {
    let site = try Site(group: variant == "iptables-nft" ? 8110 : 8111)
    defer { site.remove() }
    let scratch = try Scratch()
    let path = try scratch.write("p.ward", policy + "\nlog denied\n")
    let variables = ["env", "IPTABLES=\(variant)", "IP6TABLES=ip6\(variant.dropFirst(2))"]
    func bridgeward(_ words: String...) throws -> TestSupport.Command.Result {
      try site.run(variables + [Site.program] + words)
    }
    let state = ["--state-dir", scratch.path + "/state"]
    let applied = try site.run(
      variables + [Site.program, "apply", "--backend", "iptables"] + state + [path])
    #expect(applied.status == 0, "\(applied.errors)")
    #expect(try site.reaches(9000) == false)
    #expect(try site.reaches(8080))
    let result = try bridgeward("status", "--backend", "iptables", "--format", "json", path)
    let report = try report(result)
    #expect(result.status == 0, "\(result.output)")
    #expect(report["loaded"] as? Bool == true)
    #expect((report["drift"] as? [String: Any])?["same"] as? Bool == true)
    let counters = try #require(report["counters"] as? [[String: Any]])
    func packets(_ line: Int) -> Int {
      counters.filter { ($0["location"] as? String)?.hasSuffix("p.ward:\(line)") == true }
        .reduce(0) { $0 + ($1["packets"] as? Int ?? 0) }
    }
    #expect(packets(10) > 0, "\(counters)")
    // The first packet of the one connection.
    #expect(packets(8) == 1, "\(counters)")
    try site.host.run(variant, "-A", "BW-forward", "-m", "ttl", "--ttl-eq", "3", "-j", "ACCEPT")
    let changed = try bridgeward("status", "--backend", "iptables", path)
    #expect(changed.status == 1)
    #expect(changed.output.contains("changed by somebody else: IPv4 filter: -A BW-forward"))
  }

  /// `/dev/kmsg` is one for all namespaces; only the machine's own decides what it is told.
  @Test(.enabled(if: KernelLogging.isPossible))
  func whatWasDeniedIsRead() throws {
    let site = try Site(group: 8112)
    defer { site.remove() }
    let scratch = try Scratch()
    let path = try scratch.write("p.ward", policy + "\nlog denied\n")
    try site.load(path)
    try KernelLogging.forAllNamespaces { _ = try site.reaches(9000) }
    let report = try report(try site.bridgeward("status", "--format", "json", path))
    let denied = try #require(report["denied"] as? [[String: Any]])
    let flow = denied.first { $0["port"] as? Int == 9000 }
    #expect(flow?["source"] as? String == "198.51.100.7", "\(denied)")
    #expect(flow?["destination"] as? String == "198.51.100.1")
    #expect(flow?["logged"] as? Int ?? 0 > 0)
    #expect(report["deniedUnread"] == nil)
    let text = try site.bridgeward("status", path).output
    #expect(text.contains("tcp 198.51.100.7 -> 198.51.100.1 port 9000"))
  }
}

/// Lets the kernel log what happens in namespaces.
private enum KernelLogging {
  private static let setting = "/proc/sys/net/netfilter/nf_log_all_netns"

  static var isPossible: Bool {
    FileManager.default.isWritableFile(atPath: setting)
      && FileManager.default.isReadableFile(atPath: "/dev/kmsg")
  }

  /// Puts the setting back afterwards.
  static func forAllNamespaces(_ body: () throws -> Void) throws {
    let before = try String(contentsOfFile: setting, encoding: .utf8)
    try write("1")
    defer { try? write(before) }
    try body()
  }

  private static func write(_ value: String) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: setting))
    try file.write(contentsOf: Data(value.utf8))
    try file.close()
  }
}
