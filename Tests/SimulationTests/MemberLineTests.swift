import Diagnostics
import Driver
import Netfilter
import ScratchFiles
import Testing

/// Lines about what members of one network say to each other: faults that generated policies found.
@Suite struct MemberLineTests {
  private static func network(_ settings: String, _ lines: String) -> String {
    """
    language 1
    network front {
      bridge br-front
      subnet 172.18.0.0/16
      masquerade
      \(settings)
      container web 172.18.0.10
      container db 172.18.0.20
    }
    \(lines)

    """
  }

  /// A refusal with a limit lets flows that go on pass, which no line remembers here: the rules named
  /// a set that was never declared.
  @Test(
    arguments: ["icc off", "icc on"], ["udp 53", "sctp 53", "icmp echo-request", "protocol 47"])
  func limitedRefusalsNameSetsThatAreThere(_ setting: String, _ service: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      "policy.ward",
      Self.network(
        setting, "allow web -> db tcp 5432\ndeny web -> db \(service) limit 10/minute"))
    let compilation = try Compiler().compile([.path(path)])
    #expect(!compilation.log.hasErrors)
    #expect(compilation.defects.isEmpty, "\(compilation.defects)")
    let rules = try #require(compilation.ruleset?.table(.bridge)).chains.flatMap(\.rules)
    #expect(
      rules.contains { rule in
        rule.matches.contains { if case .remembered = $0 { true } else { false } }
      })
  }

  /// Of what a line refuses everywhere but in the network, bridge rules know nothing: they refused it
  /// between members as well.
  @Test(arguments: [false, true])
  func exceptionsOfTheWholeNetworkHoldBetweenMembers(_ filtersBridged: Bool) throws {
    let policy = Self.network("icc on", "deny front -> any tcp 5432 except front")
    let within = try Traced("web -> db tcp 5432", in: policy, filtersBridged: filtersBridged)
    #expect(within.verdict == .allowed)
    let outward = try Traced(
      "web -> 198.51.100.7 tcp 5432", in: policy, filtersBridged: filtersBridged)
    #expect(outward.verdict == .denied)
    let without = try Traced(
      "web -> db tcp 5432", in: Self.network("icc on", "deny front -> any tcp 5432"),
      filtersBridged: filtersBridged)
    #expect(without.verdict == .denied)
  }
}
