import NetworkTypes
import PolicyModel
import Testing

struct AutomaticPortTests {
  private func ports(_ lines: [String]) throws -> [String: UInt16] {
    let checked = Checked(
      """
      network a {
        bridge br-a
        subnet 172.18.0.0/16
        masquerade
        container web 172.18.0.10
        container db 172.18.0.11
        \(lines.joined(separator: "\n  "))
      }
      """)
    var result: [String: UInt16] = [:]
    for publish in try #require(checked.policy).publishes {
      let key = "\(publish.transport) \(publish.guest) \(publish.targetPort)"
      result[key] = publish.hostPorts.lower
    }
    return result
  }

  @Test func portsFollowFromTheLineAlone() throws {
    let web = "publish tcp auto -> web:80 from any"
    let alone = try ports([web])
    let others = (1...500).map { "publish tcp auto -> db:\($0) from any" }
    let first = try ports([web] + others)
    let last = try ports(others.reversed() + [web])
    #expect(first == last)
    #expect(alone["tcp 0 80"] == first["tcp 0 80"])
    #expect(Set(first.values).count == 501)
    #expect(first.values.allSatisfy { $0 >= 49153 })
  }

  @Test func everyPortIsTakenBeforeNoneIsLeft() throws {
    let lines = (1...16383).map { "publish tcp auto -> web:\($0) from any" }
    #expect(Set(try ports(lines).values).count == 16383)
    let checked = Checked(
      """
      network a {
        bridge br-a subnet 172.18.0.0/16 masquerade container web 172.18.0.10
        \(lines.joined(separator: "\n"))
        publish tcp auto -> web:20000 from any
      }
      """)
    #expect(checked.errors == ["no port is left for `auto`: all 16383 are taken"])
  }
}
