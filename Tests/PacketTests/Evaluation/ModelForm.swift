import Evaluation
import IptablesBackend
import IptablesEvaluation
import KernelForm
import Netfilter
import NetworkTypes

/// A form of a ruleset in which the evaluator follows packets.
enum ModelForm: String, CaseIterable, Sendable {
  /// As the compiler has it.
  case ruleset
  /// As the kernel gives it back after nft has loaded it.
  case nft
  /// The same on a kernel that lacks nothing of what kernels may lack, with the rules for that.
  case ableNft = "nft and a kernel that lacks nothing"
  /// As the chains of iptables and ip6tables.
  case iptables

  /// What the kernel can do, and the rules are compiled for.
  var capabilities: Set<Capability> {
    switch self {
    case .ruleset, .nft, .iptables: []
    case .ableNft: Set(Capability.allCases)
    }
  }

  /// - Parameter ruleset: compiled for ``capabilities``.
  func program(of ruleset: Ruleset) throws -> Program {
    switch self {
    case .ruleset: return Program(ruleset)
    case .nft, .ableNft:
      let decoded = KernelForm.ruleset(of: kernelForm(of: ruleset))
      guard decoded.leftovers.isEmpty else { throw NotDecoded(leftovers: decoded.leftovers) }
      return Program(decoded.ruleset)
    case .iptables:
      return IptablesEvaluation.program(
        of: AddressFamily.allCases.map { legalize(ruleset, family: $0) })
    }
  }

  /// The tool of the packet tests that sees what this form sees.
  var tool: FirewallTool {
    switch self {
    case .ruleset, .nft, .ableNft: .nft
    case .iptables: .iptablesNft
    }
  }

  struct NotDecoded: Error { let leftovers: [Leftover] }
}

extension ForeignRules {
  /// The same as ``program(beside:)``, for the evaluator.
  func join(_ program: inout Program) {
    switch self {
    case .forwardDrop:
      let base = BaseChain(.filter, .forward, priority: 10)
      program.tables.append(
        Program.Table(
          .packets([.ipv4, .ipv6]), "foreign",
          chains: [Program.Chain("forward", base: base, dropsByDefault: true, .ruleset([]))]))
    case .forwardPolicy:
      for family in AddressFamily.allCases { program.dropForwarded(family) }
    }
  }
}

extension Program {
  /// Gives `FORWARD` of iptables the policy to drop.
  fileprivate mutating func dropForwarded(_ family: AddressFamily) {
    let index = tables.firstIndex { $0.scope == .packets([family]) && $0.name == "filter" }
    if let index,
      let chain = tables[index].chains.firstIndex(where: { $0.name == "FORWARD" })
    {
      tables[index].chains[chain].dropsByDefault = true
      return
    }
    let base = BaseChain(.filter, .forward, priority: HookPriority.filter)
    tables.append(
      Table(
        .packets([family]), "filter",
        chains: [Chain("FORWARD", base: base, dropsByDefault: true, .ruleset([]))]))
  }
}
