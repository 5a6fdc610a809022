import HeaderSpace
import Netfilter
import NetworkTypes
import Testing

/// Policies of many networks: what is said of them stays short, and the work near-linear.
@Suite struct ManyNetworksTests {
  /// Networks that publish a port each and talk to their neighbors.
  private func policy(_ count: Int, _ setting: String = "", _ more: String = "") -> String {
    var text = "language 1\nuplink eth0\n"
    for index in 0..<count {
      text += """
        network n\(index) {
          bridge br\(index)
          subnet 10.1.\(index).0/24
          masquerade
          icc off
          \(setting)
          container a 10.1.\(index).2
          container b 10.1.\(index).3
          publish tcp \(1024 + index) -> a:80 from any
          allow a -> b tcp 5432
        }

        """
      if index > 0 { text += "allow n\(index - 1).b -> n\(index).a tcp 6379\n" }
    }
    return text + more
  }

  @Test func allNetworksAreOneWord() throws {
    let lines = Exposure(try installation(policy(9))).rows.map(\.line)
    #expect(lines[0].hasPrefix("4: world, host, every network -> host tcp 1024 to n0.a:80"))
    #expect(lines.contains("4: host -> every network any"))
    #expect(
      lines.contains("4: every network -> world any")
        || lines.contains { $0.contains("host, every network -> world any") })
    #expect(lines.count == 9 + 1 + 9 + 8 + 2 + 2)
  }

  @Test func fewAreToldByName() throws {
    let lines = Exposure(try installation(policy(8))).rows.map(\.line)
    #expect(
      lines[0].hasPrefix(
        "4: world, host, n0, n1, n2, n3, n4, n5, n6, n7 -> host tcp 1024 to n0.a:80"))
  }

  /// Most of all are told by the others, and parts of those beside them.
  @Test func mostAreToldByTheOthers() throws {
    let lines = Exposure(
      try installation(policy(12, "", "deny n3 -> 203.0.113.9\n"))
    ).rows.map(\.line)
    #expect(
      lines.contains { $0.hasPrefix("4: every network (except n3) -> world any") },
      "\(lines.suffix(6))")
  }

  /// The diagrams of twice as many networks are about twice as large, not four times.
  @Test(arguments: ["", "isolation on", "isolation strict", "antispoof on"])
  func diagramsGrowWithTheNetworks(_ setting: String) throws {
    func size(_ count: Int) throws -> Int {
      let whole = try installation(policy(count, setting))
      var space = FlowSpace(.ipv4, sites: [whole.site], rulesets: [whole.ruleset])
      _ = space.reach(whole.ruleset, on: whole.site, foreign: [], loose: .yes)
      return space.store.nodeCount
    }
    let (small, large) = (try size(30), try size(60))
    #expect(large < small * 3, "\(small) nodes, then \(large)")
  }

  @Test func differencesAmongManyAreFew() throws {
    let before = try installation(policy(40))
    let after = try installation(policy(40, "", "allow n7.a -> n30.b tcp 99\n"))
    let changes = FlowDifference(from: before, to: after).changes
    #expect(
      changes.map(\.row.line) == [
        "4: n7.a -> n30.b tcp 99 by line \(changes.first?.row.reason?.origin?.line ?? 0)"
      ])
    #expect(changes.map(\.kind) == [.opened])
    #expect(FlowDifference(from: after, to: after).changes.isEmpty)
  }
}
