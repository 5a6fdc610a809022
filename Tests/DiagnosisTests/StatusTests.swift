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
}
