import Diagnostics
import Driver
import ScratchFiles
import Testing

struct ImpliedDecisionTests {
  private func decisions(_ text: String) throws -> [ImpliedDecision] {
    let scratch = try Scratch()
    let path = try scratch.write("p.ward", text)
    let result = try Compiler().compile([.path(path)])
    let policy = try #require(result.policy, "\(result.log.sorted)")
    return impliedDecisions(of: policy, trees: result.trees, sources: result.sources)
  }

  private func settings(_ text: String, of subject: String) throws -> [String] {
    try decisions(text).filter { $0.subject == subject }.map { "\($0.setting) = \($0.value)" }
  }

  @Test func whatIsSaidIsNotImplied() throws {
    let text = """
      language 1
      uplink eth0
      sysctl check
      mss clamp
      log denied
      network front {
        bridge br0
        subnet 10.0.0.0/24
        gateway 10.0.0.254
        masquerade as 192.0.2.1 ports 1024-65535
        icc off  isolation strict  antispoof on  direct access on
        serve dns
        container web 10.0.0.2 mac 02:00:00:00:00:02
        publish tcp 192.0.2.1:80 -> web:8080 from any
      }
      """
    #expect(try settings(text, of: "network front") == ["internal = no"])
    #expect(try settings(text, of: "publish tcp 80 -> front.web") == [])
    #expect(
      try settings(text, of: "policy") == [
        "default host -> container = allow", "default container -> host = as the host says",
      ])
  }

  @Test func whatIsNotSaidIsImplied() throws {
    let text = """
      network front {
        bridge br0
        subnet 10.0.0.0/24, fd00::/64
        masquerade ipv4
        container web 10.0.0.2, fd00::2
        publish tcp 80 -> web
      }
      allow web -> 192.0.2.0/24 limit 5/second log
      """
    #expect(
      try settings(text, of: "network front") == [
        "gateway = 10.0.0.1, fd00::1", "icc = on", "isolation = on", "antispoof = off",
        "serve = nothing", "internal = no", "masquerade ipv6 = none", "direct access = off",
        "masquerade ipv4 as = the leaving interface's", "masquerade ipv4 ports = kept",
      ])
    #expect(
      try settings(text, of: "publish tcp 80 -> front.web") == [
        "host address = 0.0.0.0, ::", "inside port = 80", "from = any",
      ])
    #expect(
      try settings(text, of: "allow line") == [
        "match = everything", "burst = 5", "log prefix = bridgeward: ",
      ])
    #expect(
      try settings(text, of: "policy").prefix(5) == [
        "language = 1", "uplink = every other interface", "sysctl = manage",
        "mss clamp = none", "log denied = none",
      ])
  }

  @Test func decisionsStandInTheOrderOfTheFile() throws {
    let lines = try decisions(
      """
      language 1
      network b { bridge br1 subnet 10.0.1.0/24 internal }
      network a { bridge br0 subnet 10.0.0.0/24 internal }
      """
    ).map { $0.location?.start.line ?? 0 }
    #expect(lines == lines.sorted())
    #expect(lines.last == 3)
  }
}
