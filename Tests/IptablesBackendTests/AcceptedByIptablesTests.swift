import IptablesBackend
import Netfilter
import NetworkTypes
import RulesetTestSupport
import Testing

@Suite("What is printed for iptables is what both variants of iptables take")
struct AcceptedByIptablesTests {
  struct Tool: CustomTestStringConvertible, Sendable {
    let family: AddressFamily
    let variant: String

    var name: String { (family == .ipv4 ? "iptables-" : "ip6tables-") + variant }
    var testDescription: String { name }
    /// Shell variables that make the hook script use this tool.
    var environment: String {
      "IPTABLES=iptables-\(variant) IP6TABLES=ip6tables-\(variant)"
    }
  }

  static let tools = AddressFamily.allCases.flatMap { family in
    ["nft", "legacy"].map { Tool(family: family, variant: $0) }
  }

  private let ruleset = Ruleset(tables: [everyInetNoun()])

  private func files(_ family: AddressFamily) -> [String: [UInt8]] {
    let legalized = legalize(ruleset, family: family)
    return [
      "rules": restoreText(legalized, header: ["a test"]), "hooks": hookScript([legalized]),
      "unhook": unhookScript(),
    ]
  }

  @Test("every noun loads", arguments: tools)
  func everyNounLoads(_ tool: Tool) throws {
    let result = try NamespacedShell(files: files(tool.family)).run(
      "\(tool.name)-restore --noflush --test < rules && \(tool.name)-restore --noflush < rules")
    #expect(result.errors == "")
    #expect(result.status == 0)
  }

  @Test("loading and hooking ten times equals doing it once", arguments: tools)
  func loadingAgain(_ tool: Tool) throws {
    let load = "\(tool.name)-restore --noflush < rules; \(tool.environment) sh ./hooks"
    let save = "\(tool.name)-save | grep -v ^#"
    let shell = NamespacedShell(files: files(tool.family))
    let once = try shell.run("\(load); \(save)")
    let often = try shell.run("for i in 1 2 3 4 5 6 7 8 9 10; do \(load); done; \(save)")
    #expect(once.errors == "")
    #expect(often.errors == "")
    #expect(once.output == often.output)
    let calls = once.output.split(separator: "\n").filter { $0.hasSuffix("-j BW-forward") }
    #expect(calls == ["-A FORWARD -j BW-forward"])
  }

  @Test("rules of others stay, and so do their places", arguments: tools)
  func othersStay(_ tool: Tool) throws {
    let result = try NamespacedShell(files: files(tool.family)).run(
      """
      \(tool.name) -N OTHER; \(tool.name) -A OTHER -j DROP; \(tool.name) -A FORWARD -j OTHER
      \(tool.name) -P FORWARD DROP
      \(tool.name) -S > before
      \(tool.name)-restore --noflush < rules; \(tool.environment) sh ./hooks
      \(tool.name) -S | grep -v BW- | cmp - before && echo same
      \(tool.environment) sh ./unhook; \(tool.name) -S | cmp - before && echo gone
      \(tool.name)-save -t raw | grep -c BW-
      """)
    #expect(result.errors == "")
    #expect(result.output == "same\ngone\n0\n")
  }

  @Test("chains and calls of an earlier policy go", arguments: tools)
  func staleChainsGo(_ tool: Tool) throws {
    var smaller = everyInetNoun()
    smaller.chains.removeAll { $0.name == "raw-prerouting" || $0.name == "effects" }
    for index in smaller.chains.indices {
      smaller.chains[index].rules.removeAll { $0.actions == [.verdict(.jump("effects"))] }
    }
    let now = legalize(Ruleset(tables: [smaller]), family: tool.family)
    let shell = NamespacedShell(
      files: files(tool.family).merging([
        "less": restoreText(now), "less-hooks": hookScript([now]),
      ]) { $1 })
    let restore = "\(tool.name)-restore --noflush"
    let fresh = try shell.run(
      "\(restore) < less; \(tool.environment) sh ./less-hooks; \(tool.name)-save | grep BW-")
    let later = try shell.run(
      """
      \(restore) < rules; \(tool.environment) sh ./hooks; \(tool.name)-save | grep -c raw-prerouting
      \(restore) < less; \(tool.environment) sh ./less-hooks; \(tool.name)-save | grep BW-
      """)
    #expect(later.errors == "")
    #expect(later.output == "3\n" + fresh.output)
  }
}
