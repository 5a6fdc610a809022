import Foundation
import TestSupport
import Testing

/// What `status` and `history` say of a host, and `remove` before it goes.
@Suite struct StatusTests {
  private struct Report: Decodable {
    struct Applied: Decodable {
      let number: Int
      let time: String
      let policies: [String]
      let confirmed: Bool
    }
    struct Drift: Decodable {
      let same: Bool
      let foreign: [String]
    }
    struct Counter: Decodable {
      let location: String?
      let packets: UInt64
      let bytes: UInt64
    }
    let loaded: Bool
    let applied: Applied?
    let drift: Drift?
    let counters: [Counter]
  }

  private struct Entry: Decodable {
    let number: Int
    let state: String
  }

  private func report(_ host: LiveHost, status: Int32) throws -> Report {
    let run = try host.bridgeward("status", "--format", "json")
    #expect(run.status == status, "\(run.errors)")
    return try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
  }

  @Test func tellsWhatIsInForce() throws {
    let host = try LiveHost()
    #expect(try report(host, status: 0).applied == nil)
    let small = try host.policy(SamplePolicy.small, "small.ward")
    let larger = try host.policy(SamplePolicy.larger, "larger.ward")
    #expect(try host.bridgeward("apply", small).status == 0)
    #expect(try host.bridgeward("apply", larger).status == 0)
    let clean = try report(host, status: 0)
    #expect(clean.loaded && clean.drift?.same == true)
    #expect(clean.applied?.number == 2 && clean.applied?.policies == [larger])
    #expect(clean.applied?.time.contains("T") == true)
    try host.nft("insert rule inet bridgeward forward ip protocol 47 drop")
    let edited = try report(host, status: 1)
    #expect(edited.drift?.same == false)
    #expect(edited.drift?.foreign.isEmpty == false)
    #expect(try host.bridgeward("rollback").status == 0)
    let back = try report(host, status: 0)
    #expect(back.applied?.number == 1 && back.applied?.policies == [small])
  }

  @Test func tellsWhatWaits() throws {
    let host = try LiveHost()
    let small = try host.policy(SamplePolicy.small, "small.ward")
    let larger = try host.policy(SamplePolicy.larger, "larger.ward")
    #expect(try host.bridgeward("apply", small).status == 0)
    #expect(try host.bridgeward("apply", "--confirm", "60", larger).status == 0)
    let waiting = try report(host, status: 0)
    #expect(waiting.applied?.number == 2 && waiting.applied?.confirmed == false)
    let run = try host.bridgeward("history", "--format", "json")
    let entries = try JSONDecoder().decode([Entry].self, from: Data(run.output.utf8))
    #expect(entries.map(\.number) == [1, 2])
    #expect(entries.map(\.state) == ["accepted", "unconfirmed"])
    #expect(try host.bridgeward("rollback").status == 0)
    #expect(try report(host, status: 0).applied?.number == 1)
  }

  /// A line that counts, and connections that are being translated.
  @Test func countsByLineAndConnection() throws {
    let network = try LiveNetwork()
    let host = network.host
    let policy = try host.policy(
      """
      uplink up0
      network lab {
          bridge br-lab
          subnet 10.20.0.0/24
          masquerade
          container web 10.20.0.10
          publish tcp 8080 -> web:80
      }
      deny client -> host tcp 23
      list client { 10.99.0.2 }

      """)
    let applied = try host.bridgeward("apply", policy)
    #expect(applied.status == 0, "\(applied.errors)")
    let server = try EchoServer(network.web, of: network)
    let calls = try Calls(from: network.client, of: network, to: ["10.99.0.1 8080"])
    #expect(try calls.work() == [true])
    _ = try? network.client.run("timeout", "0.3", "bash", "-c", "exec 3<>/dev/tcp/10.99.0.1/23")
    let counter = try report(host, status: 0).counters.first { $0.location == "\(policy):9" }
    #expect(counter?.packets == 1 && counter?.bytes == 60)
    let removed = try host.bridgeward("remove")
    #expect(removed.status == 0)
    #expect(
      removed.output.contains("1 connection was being translated"), "\(removed.output)")
    withExtendedLifetime(server) {}
  }
}
