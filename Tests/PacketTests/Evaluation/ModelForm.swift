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
  /// As the chains of iptables and ip6tables.
  case iptables

  func program(of ruleset: Ruleset) throws -> Program {
    switch self {
    case .ruleset: return Program(ruleset)
    case .nft:
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
    case .ruleset, .nft: .nft
    case .iptables: .iptablesNft
    }
  }

  struct NotDecoded: Error { let leftovers: [Leftover] }
}

extension Scenario.ForeignRules {
  /// The same as ``program``, for the evaluator.
  var table: Program.Table {
    switch self {
    case .forwardDrop:
      Program.Table(
        .packets([.ipv4, .ipv6]), "foreign",
        chains: [
          Program.Chain(
            "forward", base: BaseChain(.filter, .forward, priority: 10), dropsByDefault: true,
            .ruleset([]))
        ])
    }
  }
}
