import Diagnostics
import Driver
import Netfilter
import NetworkTypes
import PolicyModel
import PolicyTestSupport
import Syntax
import TestSupport

/// A policy that somebody generated, compiled, and the host that it speaks of.
struct GeneratedHost {
  let blocks: BlockPolicy
  /// What the kernel is taken to be able to do.
  let capabilities: Set<Capability>
  let compilation: Compilation
  let policy: Policy
  let ruleset: Ruleset
  let plan: TopologyPlan
  /// What the compiler says of the chains of iptables, by family.
  let iptablesFindings: DiagnosticLog

  /// `nil` where the policy has errors.
  init?(_ blocks: BlockPolicy, capabilities: Set<Capability> = []) throws {
    self.blocks = blocks
    self.capabilities = capabilities
    compilation = Self.compile(blocks, capabilities)
    guard let policy = compilation.policy, let ruleset = compilation.ruleset,
      Self.errors(of: compilation).isEmpty
    else { return nil }
    self.policy = policy
    self.ruleset = ruleset
    var plan = PolicyPlan(of: policy)
    for address in PolicyAuthor.ownAddresses { try plan.read("owns \(address)", line: 0) }
    self.plan = plan.plan
    iptablesFindings = compilation.findings(of: [.iptables, .ip6tables])
  }

  /// A valid policy of this seed: what the compiler finds wrong is taken away.
  ///
  /// - Parameter isSimple: whether the order of packets must not matter, and all networks are
  ///   bridges. On a link where the host has no address, its source is the first one of its other
  ///   interfaces, in the order in which the test happens to have made them; and guests find no way
  ///   out by IPv6 there, for the kernel answers in the place of others for single addresses alone.
  static func generated(
    seed: UInt64, isSimple: Bool, capabilities: Set<Capability> = []
  ) throws -> GeneratedHost {
    var author = PolicyAuthor(seed: seed, counts: !isSimple, hasLinks: !isSimple)
    var blocks = author.policy()
    for _ in 0..<20 {
      if let host = try GeneratedHost(blocks, capabilities: capabilities) { return host }
      blocks = blocks.without(lines: wrongLines(compile(blocks, capabilities)))
    }
    let findings = compile(blocks, capabilities).log.sorted
    throw NotMended(text: blocks.text, findings: findings.map(\.message))
  }

  struct NotMended: Error {
    let text: String
    let findings: [String]
  }

  private static func compile(
    _ blocks: BlockPolicy, _ capabilities: Set<Capability>
  ) -> Compilation {
    var read = PolicySources()
    let file = read.sources.add(name: "generated.ward", bytes: Array(blocks.text.utf8))
    read.trees = [parse(read.sources[file], log: &read.log)]
    return Compiler(capabilities: capabilities).compile(read)
  }

  /// The lines with errors; of those that contradict each other, one of them.
  private static func wrongLines(_ compilation: Compilation) -> Set<Int> {
    Set(errors(of: compilation).compactMap(\.span).map { Int(compilation.sources.line(of: $0)) })
  }

  // What nft refuses is no policy of this kernel.
  private static func errors(of compilation: Compilation) -> [Diagnostic] {
    let all = compilation.log.sorted + compilation.findings(of: [.nft]).sorted
    return all.filter { $0.severity == .error }
  }

  /// Whether the chains of iptables can be had at all.
  var hasIptables: Bool { !iptablesFindings.sorted.contains { $0.severity == .error } }

  func hasFinding(_ id: DiagnosticID) -> Bool {
    iptablesFindings.sorted.contains { $0.id == id }
  }
}
