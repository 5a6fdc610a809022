package import Diagnostics
import IptablesBackend
import Lowering
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
    case .nft:
      let header = header(of: result, policy)
      return BackendOutput(bytes: nftScript(ruleset, header: header), log: findings(of: result))
    case .iptables, .ip6tables:
      let legalized = legalize(ruleset, family: self == .iptables ? .ipv4 : .ipv6)
      return BackendOutput(
        bytes: restoreText(legalized, header: header(of: result, policy)),
        log: iptablesFindings(legalized, of: result, ruleset, policy))
    case .iptablesHooks:
      let families = AddressFamily.allCases.map { legalize(ruleset, family: $0) }
      return BackendOutput(bytes: hookScript(families), log: DiagnosticLog())
    }
  }

  /// The nft script of a policy without errors.
  ///
  /// - Parameter hollow: maps that are declared without their elements.
  static func nftText(of result: Compilation, hollow: Set<NftMapName> = []) -> [UInt8]? {
    guard let policy = result.policy, let ruleset = result.ruleset else { return nil }
    return nftScript(ruleset, header: nft.header(of: result, policy), hollow: hollow)
  }

  /// What the text cannot say, or says in a way worth knowing: the log of ``output(of:)`` without
  /// its bytes.
  package func findings(of result: Compilation) -> DiagnosticLog {
    guard let policy = result.policy, let ruleset = result.ruleset else { return DiagnosticLog() }
    switch self {
    case .nft: return nftFindings(result, policy)
    case .iptables, .ip6tables:
      let legalized = legalize(ruleset, family: self == .iptables ? .ipv4 : .ipv6)
      return iptablesFindings(legalized, of: result, ruleset, policy)
    case .iptablesHooks: return DiagnosticLog()
    }
  }

  /// Where the text comes from, how it is loaded, and what else the host needs for it.
  private func header(of result: Compilation, _ policy: Policy) -> [String] {
    let files = result.sources.files.map(\.name).joined(separator: ", ")
    var lines = ["Compiled by bridgeward from \(files). Load it with: \(loading)"]
    for setting in requiredSysctls(policy) where concerns(setting) {
      lines.append("Needs \(dotted(setting.name)) = \(setting.value): \(setting.reason)")
    }
    return lines
  }

  private func concerns(_ setting: SysctlSetting) -> Bool {
    switch self {
    case .nft, .iptablesHooks: true
    case .iptables: setting.name.hasPrefix("net/ipv4/")
    case .ip6tables: setting.name.hasPrefix("net/ipv6/")
    }
  }

  private var loading: String {
    switch self {
    case .nft: "nft -f FILE"
    case .iptables: "iptables-restore --noflush FILE, then run the iptables-hooks script"
    case .ip6tables: "ip6tables-restore --noflush FILE, then run the iptables-hooks script"
    case .iptablesHooks: "sh FILE"
    }
  }
}

extension Compilation {
  /// What there is to say about the policy, and then about what each of `backends` makes of it;
  /// what several of them say is said once.
  package func findings(of backends: [Backend]) -> DiagnosticLog {
    var result = log
    var seen: Set<Diagnostic> = []
    for backend in backends {
      for finding in backend.findings(of: self).sorted where seen.insert(finding).inserted {
        result.add(finding)
      }
    }
    return result
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
