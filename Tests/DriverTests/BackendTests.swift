import Diagnostics
import Driver
import Netfilter
import ScratchFiles
import Testing

/// What backends make of a policy, and what they say about it.
struct BackendTests {
  private func output(
    _ backend: Backend, _ text: String, assuming capabilities: Set<Capability> = []
  ) throws -> BackendOutput {
    let scratch = try Scratch()
    let path = try scratch.write("p.ward", text)
    let result = try Compiler(capabilities: capabilities).compile([.path(path)])
    #expect(!result.log.hasErrors, "\(result.log.sorted)")
    return try #require(backend.output(of: result))
  }

  private func findings(
    _ backend: Backend, _ text: String, assuming capabilities: Set<Capability> = []
  ) throws -> [String] {
    try output(backend, text, assuming: capabilities).log.sorted.map {
      "\($0.severity)[\($0.id.rawValue)]"
    }
  }

  private func policy(_ lines: String...) -> String {
    """
    language 1
    network front {
      bridge br0
      subnet 10.0.0.0/24
      masquerade
      container web 10.0.0.2 mac 02:00:00:00:00:02
      container db 10.0.0.3 mac 02:00:00:00:00:03
    \(lines.joined(separator: "\n"))
    }
    """
  }

  @Test(arguments: Backend.allCases)
  func aPlainPolicyGivesTextAndNoFindings(backend: Backend) throws {
    let output = try output(backend, policy("publish tcp 80 -> web from any"))
    #expect(!output.bytes.isEmpty)
    #expect(output.log.isEmpty)
  }

  @Test(arguments: Backend.allCases)
  func aPolicyWithErrorsGivesNothing(backend: Backend) throws {
    let scratch = try Scratch()
    let path = try scratch.write("p.ward", policy("publish tcp 80 -> nobody"))
    let result = try Compiler().compile([.path(path)])
    #expect(backend.output(of: result) == nil)
  }

  @Test func iptablesSaysThatItMayNotSeeBridgedFrames() throws {
    let text = policy("icc off", "allow web -> db tcp 80")
    #expect(try findings(.nft, text) == [])
    for backend in [Backend.iptables, .ip6tables] {
      #expect(try findings(backend, text) == ["warning[enforce-bridge]"])
      let span = try #require(try output(backend, text).log.sorted[0].span)
      #expect(text.utf8.dropFirst(Int(span.start)).starts(with: "icc off".utf8))
    }
  }

  @Test func connectionsWithinABridgeTakeAKernelThatTracksThem() throws {
    let text = policy("icc off", "allow web -> db tcp 80 connections 9")
    #expect(try findings(.nft, text) == ["error[enforce-bridge]"])
    #expect(try findings(.nft, text, assuming: [.bridgeConntrack]) == ["warning[enforce-bridge]"])
    #expect(try findings(.iptables, text).allSatisfy { $0 == "warning[enforce-bridge]" })
    let span = try #require(try output(.nft, text).log.sorted[0].span)
    #expect(text.utf8.dropFirst(Int(span.start)).starts(with: "allow web".utf8))
    // With `icc on` the members may talk anyway; between networks the host sees the packets.
    #expect(try findings(.nft, policy("allow web -> db tcp 80 connections 9")) == [])
    let outside = policy("icc off", "allow web -> db tcp 90") + "allow world -> front connections 9"
    #expect(try findings(.nft, outside) == [])
    let anyone = policy("icc off", "allow web -> db tcp 90") + "allow any -> front connections 9"
    #expect(try findings(.nft, anyone) == ["error[enforce-bridge]"])
  }

  @Test func countedPublishesOfRoutedNetworksAreClosedToMembers() throws {
    let text = """
      language 1
      network front {
        bridge br0
        subnet 2600:1:2::/64
        icc off
        container web 2600:1:2::2
        container db 2600:1:2::3
        allow web -> db tcp 80
        publish tcp 80 -> web from any connections 9
      }
      """
    #expect(try findings(.nft, text) == ["warning[enforce-bridge]"])
    #expect(try findings(.nft, text, assuming: [.bridgeConntrack]) == ["warning[enforce-bridge]"])
    let open = text.replacing("icc off", with: "icc on")
    #expect(try findings(.nft, open) == [])
  }

  @Test func severalBackendsSayTheSameOnce() throws {
    let scratch = try Scratch()
    let path = try scratch.write("p.ward", policy("icc off", "allow web -> db tcp 80"))
    let result = try Compiler().compile([.path(path)])
    #expect(result.findings(of: [.nft]).isEmpty)
    #expect(result.findings(of: [.iptables]).warningCount == 1)
    #expect(result.findings(of: Backend.allCases).warningCount == 1)
  }

  @Test func iptablesSaysThatItChecksNoARP() throws {
    let text = policy("antispoof on")
    #expect(try findings(.nft, text) == [])
    #expect(
      try findings(.iptables, text) == ["warning[antispoof-arp]", "warning[enforce-bridge]"])
  }

  @Test func iptablesCountsTheRulesThatMapsBecame() throws {
    let few = policy("publish tcp 1001-1020 -> web from any")
    #expect(try findings(.iptables, few) == [])
    let publishes = (1..<300).map { "publish tcp \(20_000 + $0 * 2) -> web:80 from any" }
    let text = policy(publishes.joined(separator: "\n"))
    #expect(try findings(.nft, text) == [])
    #expect(try findings(.iptables, text) == ["warning[backend-iptables]"])
    let message = try output(.iptables, text).log.sorted[0].message
    let count = try #require(message.split(separator: " ").compactMap { Int($0) }.first)
    #expect((299..<320).contains(count), "\(message)")
  }

  @Test func whatIptablesCannotSayIsAnErrorWithTheWayOut() throws {
    let text = policy() + "\ndeny front -> host protocol 0\n"
    #expect(try findings(.nft, text) == [])
    for backend in [Backend.iptables, .ip6tables] {
      #expect(try findings(backend, text) == ["error[enforce-backend]"])
      let finding = try output(backend, text).log.sorted[0]
      #expect(finding.notes.map(\.message).joined(separator: " ").contains("--target nft"))
      let span = try #require(finding.span)
      #expect(text.utf8.dropFirst(Int(span.start)).starts(with: "deny front".utf8))
    }
  }

  @Test func whatIptablesSaysLessExactlyIsTold() throws {
    let text = policy() + "\nallow world -> host tcp 22 limit 1/day burst 10000\n"
    #expect(try findings(.nft, text) == [])
    #expect(try findings(.iptables, text) == ["warning[enforce-backend]"])
  }
}
