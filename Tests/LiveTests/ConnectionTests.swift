import TestSupport
import Testing

/// What becomes of connections through publishes that go, change, or stay.
@Suite struct ConnectionTests {
  /// A publish that goes or changes, one that stays, and a way out by masquerading.
  private static func policy(_ changing: String) -> String {
    """
    uplink up0
    network lab {
        bridge br-lab
        subnet 10.20.0.0/24
        masquerade
        container web 10.20.0.10
        container db  10.20.0.11
        publish tcp 8081 -> web:80
        \(changing)
    }

    """
  }

  private static let first = policy("publish tcp 8080 -> web:80")
  private static let without = policy("")
  private static let elsewhere = policy("publish tcp 8080 -> db:80")

  /// The network with the first policy in force, and everybody echoing.
  private func served() throws -> (LiveNetwork, [EchoServer]) {
    let network = try LiveNetwork()
    let servers = try [network.web, network.db, network.client].map {
      try EchoServer($0, of: network)
    }
    return (network, servers)
  }

  private func calls(_ network: LiveNetwork) throws -> (Calls, Calls) {
    (
      try Calls(from: network.client, of: network, to: ["10.99.0.1 8080", "10.99.0.1 8081"]),
      try Calls(from: network.web, of: network, to: ["10.99.0.2 80", "10.20.0.11 80"])
    )
  }

  @Test(arguments: [without, elsewhere])
  func endWithTheirPublishAndNoOthers(_ policy: String) throws {
    let (network, servers) = try served()
    defer { withExtendedLifetime(servers) {} }
    let host = network.host
    #expect(try host.bridgeward("apply", host.policy(Self.first)).status == 0)
    let (inward, outward) = try calls(network)
    #expect(try inward.work() == [true, true])
    #expect(try outward.work() == [true, true])
    let run = try host.bridgeward("apply", host.policy(policy))
    #expect(run.status == 0, "\(run.errors)")
    #expect(!run.errors.contains("may go on"))
    #expect(try !host.shell("conntrack -L -p tcp --orig-port-dst 8080").output.contains("ESTABL"))
    #expect(try inward.work() == [false, true])
    #expect(try outward.work() == [true, true])
  }

  @Test(arguments: ["nft", "legacy"], [without, elsewhere])
  func endWithTheirPublishInIptables(_ variant: String, _ policy: String) throws {
    let (network, servers) = try served()
    defer { withExtendedLifetime(servers) {} }
    let host = network.host
    func apply(_ policy: String) throws {
      let run = try host.shell(
        "IPTABLES=iptables-\(variant) IP6TABLES=ip6tables-\(variant) "
          + "\"$0\" apply --backend iptables --state-dir \"$1\" \(try host.policy(policy))")
      #expect(run.status == 0, "\(run.errors)")
      #expect(!run.errors.contains("may go on"))
    }
    try apply(Self.first)
    let (inward, outward) = try calls(network)
    #expect(try inward.work() == [true, true])
    #expect(try outward.work() == [true, true])
    try apply(policy)
    #expect(try inward.work() == [false, true])
    #expect(try outward.work() == [true, true])
    try apply(Self.first)
    let (again, _) = try calls(network)
    #expect(try again.work() == [true, true])
    #expect(try host.bridgeward("rollback").status == 0)
    #expect(try again.work() == [false, true])
  }

  @Test func endWhenRolledBack() throws {
    let (network, servers) = try served()
    defer { withExtendedLifetime(servers) {} }
    let host = network.host
    #expect(try host.bridgeward("apply", host.policy(Self.without)).status == 0)
    #expect(try host.bridgeward("apply", host.policy(Self.first)).status == 0)
    let (inward, outward) = try calls(network)
    let run = try host.bridgeward("rollback")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try inward.work() == [false, true])
    #expect(try outward.work() == [true, true])
  }

  @Test func endWhenNobodyConfirms() async throws {
    let (network, servers) = try served()
    defer { withExtendedLifetime(servers) {} }
    let host = network.host
    #expect(try host.bridgeward("apply", host.policy(Self.without)).status == 0)
    #expect(try host.bridgeward("apply", "--confirm", "15", host.policy(Self.first)).status == 0)
    let (inward, outward) = try calls(network)
    #expect(try inward.work() == [true, true])
    #expect(try await host.waits { try !host.listing().contains("8080") })
    // Connections are ended once no rule lets new ones begin.
    #expect(try await host.waits { try inward.work() == [false, true] })
    #expect(try outward.work() == [true, true])
  }
}
