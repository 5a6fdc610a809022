import HeaderSpace
import Testing

/// What opens and closes between two policies.
@Suite struct FlowDifferenceTests {
  private func policy(_ lines: String, more: String = "") -> String {
    """
    language 1
    uplink eth0
    network front {
      bridge br-front
      subnet 172.18.0.0/16
      masquerade
      container web 172.18.0.10
      container api 172.18.0.11
      \(lines)
    }
    \(more)
    """
  }

  private func changes(
    _ old: String, _ new: String, _ scope: FlowDifference.Scope = .everybody
  ) throws -> [FlowChange] {
    FlowDifference(
      from: try installation(old), to: try installation(new), scope: scope
    ).changes
  }

  private func lines(_ changes: [FlowChange]) -> [String] {
    changes.map { "\($0.kind) \($0.row.line)" }
  }

  @Test func whatMeansTheSameDiffersInNothing() throws {
    let one = policy("publish tcp 80-81 -> web from any\n publish udp 53 -> api from any")
    let two = policy(
      """
      publish udp 53 -> api from any
      publish tcp 81 -> web from any
      publish tcp 80 -> web from any
      icc on
      """)
    #expect(lines(try changes(one, two)) == [])
    #expect(lines(try changes(two, one)) == [])
  }

  @Test func aPublishOpensAndTakesThePortFromTheHost() throws {
    let changes = try changes(policy(""), policy("publish tcp 80 -> web from any"))
    #expect(
      lines(changes) == [
        "opened 4: host -> host tcp 80 to front.web:80 by line 9",
        "changed 4: world, front -> host tcp 80 to front.web:80 by line 9",
      ])
    #expect(changes.allSatisfy { $0.isWider })
  }

  @Test func anotherTargetIsAChange() throws {
    let changes = try changes(
      policy("publish tcp 80 -> web from any"), policy("publish tcp 80 -> api from any"))
    #expect(
      lines(changes) == ["changed 4: world, host, front -> host tcp 80 to front.api:80 by line 9"])
    #expect(changes.first?.before?.target == "front.web:80")
  }

  @Test func newNetworksAreNewlyReachable() throws {
    let back = """
      network back {
        bridge br-back
        subnet 172.19.0.0/16
        masquerade
        direct access on
        container db 172.19.0.20
      }
      """
    let wider = try changes(policy(""), policy("", more: back), .world)
    #expect(lines(wider) == ["opened 4: world -> back any by line 15"])
    let narrower = try changes(policy("", more: back), policy(""), .world)
    #expect(lines(narrower) == ["closed 4: world -> back any by line 15"])
    #expect(!narrower.contains { $0.isWider })
  }

  @Test func closedAndOpenedAreEachOthersMirror() throws {
    let one = policy("icc off")
    let two = policy("icc on")
    #expect(lines(try changes(one, two)) == ["opened 4: front -> front any"])
    #expect(lines(try changes(two, one)) == ["closed 4: front -> front any"])
  }

  @Test func limitsMayOnlyBecomeTighter() throws {
    let free = policy("publish tcp 80 -> web from any")
    let bound = policy("publish tcp 80 -> web from any limit 5/minute")
    let tighter = try changes(free, bound, .world)
    #expect(!tighter.isEmpty && !tighter.contains { $0.isWider })
    let looser = try changes(bound, free, .world)
    #expect(!looser.isEmpty && looser.allSatisfy { $0.isWider })
  }

  @Test func theWorldAloneIsAskedAbout() throws {
    let changes = try changes(
      policy("icc off"), policy("icc on\n publish tcp 80 -> web from 203.0.113.0/24"), .world)
    #expect(
      lines(changes).allSatisfy { $0.contains("203.0.113.0/24") || $0.contains("world") })
    #expect(changes.contains { $0.isWider })
  }
}
