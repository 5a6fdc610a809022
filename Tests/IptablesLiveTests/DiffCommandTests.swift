import Driver
import Foundation
import ScratchFiles
import Testing
import TestSupport

@Suite("diff --backend iptables")
struct DiffCommandTests {
  private static let program = Bundle.main.bundleURL.appendingPathComponent("bridgeward").path
  private let policy = """
    language 1
    uplink eth0
    network front {
        bridge br-front
        subnet 172.18.0.0/16
        masquerade
        container web 172.18.0.10
        publish tcp 8080 -> web:80 from any
    }
    """

  private func diff(
    _ namespace: NetworkNamespace, _ variant: String, _ arguments: String...
  ) throws -> TestSupport.Command.Result {
    try namespace.perform {
      try TestSupport.Command(
        [
          "env", "IPTABLES=iptables-\(variant)", "IP6TABLES=ip6tables-\(variant)", Self.program,
          "diff", "--backend", "iptables",
        ] + arguments
      ).result()
    }
  }

  @Test(arguments: IptablesVariant.allCases)
  func tellsWhatWouldChange(_ variant: IptablesVariant) throws {
    let host = try LiveHost(variant)
    let scratch = try Scratch()
    let path = try scratch.write("p.ward", policy)
    let compilation = try Compiler().compile([.path(path)])
    let before = try diff(host.namespace, variant.rawValue, path)
    #expect(before.status == 1, "\(before.errors)")
    #expect(before.output.contains("+ FORWARD -j BW-filter-forward\n"))
    #expect(before.output.contains("--to-destination 172.18.0.10:80\n"))
    #expect(host.changes == 0)
    try host.live().apply(#require(compilation.ruleset))
    let same = try diff(host.namespace, variant.rawValue, path)
    #expect(same.status == 0 && same.output == "nothing differs\n", "\(same.output)")
    let changed = try scratch.write("q.ward", policy.replacing("web:80", with: "web:81"))
    let after = try diff(host.namespace, variant.rawValue, changed)
    #expect(after.status == 1)
    #expect(after.output.contains("-j DNAT --to-destination 172.18.0.10:80\n"))
    #expect(after.output.contains("-j DNAT --to-destination 172.18.0.10:81\n"))
    let json = try diff(host.namespace, variant.rawValue, "--format", "json", changed)
    let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(report?["same"] as? Bool == false)
    #expect((report?["sections"] as? [Any])?.isEmpty == false)
  }

  @Test func aMissingProgramIsAMatterOfTheMachine() throws {
    let host = try LiveHost(.nft)
    let scratch = try Scratch()
    let result = try diff(host.namespace, "no-such", scratch.write("p.ward", policy))
    #expect(result.status == 3)
    #expect(result.errors.contains("iptables-no-such-save"))
  }
}
