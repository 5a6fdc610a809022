import ScratchFiles
import TestSupport
import Testing

/// Packets on their way while rules are changed.
@Suite(.serialized) struct LoadTests {
  /// The changes: other publishes, lines moved down, a network more, a table that has to be made
  /// anew because of what a stranger put there.
  @Test func losesAndLeaksNothingDuring200Changes() throws {
    let network = try LiveNetwork()
    let host = network.host
    let policies = [
      try host.policy(Self.policy(), "a.ward"),
      try host.policy(Self.policy(more: Self.more, before: "\n\n# Moved down.\n"), "b.ward"),
    ]
    let first = try host.bridgeward("apply", policies[1])
    try #require(first.status == 0, "\(first.errors)")
    var failures: [String] = []
    let counts = try Self.traffic(of: network) {
      for number in 0..<200 {
        if number % 10 == 5 { try host.nft("add counter inet bridgeward stranger") }
        let run = try host.bridgeward("apply", policies[number % 2])
        if run.status != 0 || run.output == "nothing to change\n" { failures.append(run.errors) }
      }
    }
    #expect(failures.isEmpty, "\(failures.first ?? "")")
    for name in ["sibling", "published", "stream", "connection"] {
      let flow = counts[name, default: .init()]
      #expect(flow.sent > 100, "\(name)")
      #expect(flow.lost == 0, "\(name): \(flow)")
    }
    for name in ["stranger", "outsider"] {
      let flow = counts[name, default: .init()]
      #expect(flow.sent > 100, "\(name)")
      #expect(flow.arrived == 0, "\(name): \(flow)")
    }
    #expect(try host.bridgeward("diff", policies[1]).status == 0)
  }

  /// The same measuring, of changes in two steps: it does see what is lost, and what leaks.
  @Test func seesWhatChangesInTwoStepsDo() throws {
    let network = try LiveNetwork()
    let host = network.host
    let policy = try host.policy(Self.policy())
    #expect(try host.bridgeward("apply", policy).status == 0)
    let script = try host.scratch.write("policy.nft", host.script(of: policy))
    let counts = try Self.traffic(of: network) {
      for _ in 0..<10 {
        try host.nft("flush", "ruleset")
        try host.nft("-f", script)
      }
    }
    #expect(counts["published", default: .init()].lost > 0)
    #expect(counts["stranger", default: .init()].arrived > 0)
    #expect(counts["outsider", default: .init()].arrived > 0)
  }

  /// What becomes of packets that are sent all the time while `body` changes rules.
  private static func traffic(
    of network: LiveNetwork, _ body: () throws -> Void
  ) throws -> [String: SoakJudgment.Count] {
    let traffic = try Traffic.start(among: network.stations, of: network, pause: 0.005)
    let outcome = Result { try body() }
    let events = try traffic.stop()
    try outcome.get()
    return SoakJudgment.counts(events)
  }

  private static func policy(more: String = "", before: String = "") -> String {
    """
    uplink up0
    \(before)network lab {
        bridge br-lab
        subnet 10.20.0.0/24
        masquerade
        icc off
        container web 10.20.0.10
        container db  10.20.0.11
        publish udp 5000 -> web
        publish tcp 8080 -> web:80
        allow web -> db udp 7000
    \(more)
    """ + (more.isEmpty ? "}\n" : "")
  }

  private static let more = """
        publish tcp 5432 -> db
        publish udp 6000-6010 -> db
        publish tcp 10.99.0.1:8081 -> web:80 from 10.99.0.0/24
        deny db -> world tcp 25
    }
    network other {
        bridge br-other
        subnet 10.21.0.0/24
        icc off
        container solo 10.21.0.10
        publish tcp 9000 -> solo:9000
    }

    """
}
