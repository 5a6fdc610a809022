package import Diagnostics
import Netfilter
import NftablesBackend

/// A language that rules are printed in.
package enum Backend: String, CaseIterable, Hashable, Sendable {
  /// A script for `nft -f`.
  case nft

  /// The text that makes a host keep the policy; `nil` where the policy has errors.
  package func output(of result: Compilation) -> BackendOutput? {
    guard let ruleset = result.ruleset else { return nil }
    switch self {
    case .nft: return BackendOutput(bytes: nftScript(ruleset), log: DiagnosticLog())
    }
  }
}

/// What one backend makes of a compilation.
package struct BackendOutput: Sendable {
  /// The whole text.
  package let bytes: [UInt8]
  /// What the backend cannot say, or says in a way worth knowing.
  package let log: DiagnosticLog
}
