package import Diagnostics
import IptablesBackend
import Netfilter
import NetworkTypes
import NftablesBackend
import PolicyModel

/// A language that rules are printed in.
package enum Backend: String, CaseIterable, Hashable, Sendable {
  /// A script for `nft -f`.
  case nft
  /// IPv4 text for `iptables-restore --noflush`.
  case iptables
  /// IPv6 text for `ip6tables-restore --noflush`.
  case ip6tables
  /// A shell script that calls the chains of the two above from the built-in ones.
  case iptablesHooks = "iptables-hooks"

  /// The text that makes a host keep the policy; `nil` where the policy has errors.
  package func output(of result: Compilation) -> BackendOutput? {
    guard let policy = result.policy, let ruleset = result.ruleset else { return nil }
    switch self {
    case .nft: return BackendOutput(bytes: nftScript(ruleset), log: DiagnosticLog())
    case .iptables: return restored(legalize(ruleset, family: .ipv4), policy)
    case .ip6tables: return restored(legalize(ruleset, family: .ipv6), policy)
    case .iptablesHooks:
      let families = AddressFamily.allCases.map { legalize(ruleset, family: $0) }
      return BackendOutput(bytes: hookScript(families), log: DiagnosticLog())
    }
  }

  private func restored(_ legalized: Legalized, _ policy: Policy) -> BackendOutput {
    BackendOutput(bytes: restoreText(legalized), log: iptablesFindings(legalized, policy))
  }
}

/// What one backend makes of a compilation.
package struct BackendOutput: Sendable {
  /// The whole text.
  package let bytes: [UInt8]
  /// What the backend cannot say, or says in a way worth knowing. With an error in it, `bytes`
  /// would leave a host more open than the policy says.
  package let log: DiagnosticLog
}
