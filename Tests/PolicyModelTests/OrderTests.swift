import Diagnostics
import PolicyModel
import PolicyTestSupport
import Testing

/// The order of declarations, and how they are spread over files, changes nothing.
struct OrderTests {
  private static let declarations = [
    "uplink eth0, eth1",
    "list office { 192.168.77.0/24, branch }",
    "list branch { 192.168.78.0/24 }",
    "service postgres = tcp 5432",
    """
    network front {
      bridge br-front subnet 172.18.0.0/16, fd00:18::/64 masquerade
      container web 172.18.0.10, fd00:18::10
      publish tcp 8080 -> web:80 from office
      publish tcp auto -> web:81 from db
    }
    """,
    "network back { bridge br-back subnet 172.19.0.0/16 internal container db 172.19.0.20 }",
    "allow web -> db postgres",
    "allow front -> db tcp 5432, 80",
    "deny office -> host tcp 22",
    "default deny world -> host",
    "expect allow web -> db tcp 5432",
    "publish tcp 8080 -> web:82 from any",
    "deny back -> web",
    "allow db -> web tcp 80",
  ]

  /// What is found, without places.
  private func findings(_ files: [String]) -> [String] {
    let checked = Checked(files.map { Array($0.utf8) })
    return checked.findings.map { "\($0.severity) \($0.id.rawValue) \($0.message)" }.sorted()
  }

  @Test func orderChangesNothing() {
    let expected = findings([Self.declarations.joined(separator: "\n")])
    #expect(expected.contains { $0.contains("publish-conflict") })
    #expect(expected.contains { $0.contains("flow-redundant") })
    #expect(expected.contains { $0.contains("flow-dead") })
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<40 {
      let shuffled = Self.declarations.shuffled(using: &generator)
      let cut = Int.random(in: 0...shuffled.count, using: &generator)
      let files = [shuffled[..<cut], shuffled[cut...]].map { $0.joined(separator: "\n") }
      #expect(findings(files.filter { !$0.isEmpty }) == expected)
    }
  }
}
