import Diagnostics
import IptablesBackend
import Netfilter
import NetworkTypes
import PolicyModel

/// What is to be said about a policy whose rules are `legalized`.
func iptablesFindings(_ legalized: Legalized, _ policy: Policy) -> DiagnosticLog {
  var log = DiagnosticLog()
  for network in policy.networks {
    guard case .bridge = network.attachment.kind else { continue }
    if !network.icc.value { log.add(.bridgedFramesUnseen(network)) }
    if network.antispoof.value { log.add(.neighborsUnchecked(network)) }
  }
  for problem in legalized.unsupported {
    if let finding = Diagnostic(problem) { log.add(finding) }
  }
  if legalized.unrolledRules > unrollingLimit {
    log.add(.mapsUnrolled(legalized.unrolledRules, legalized.family))
  }
  return log
}

/// Below so many rules nobody notices the difference between a map and rules in a row.
private let unrollingLimit = 100

extension Diagnostic {
  fileprivate static func bridgedFramesUnseen(_ network: Network) -> Diagnostic {
    Diagnostic(
      .enforceBridge,
      "`icc off` on `\(network.name.value)` works through iptables only while bridged frames are "
        + "handed to it",
      at: network.icc.span,
      notes: [
        Note("that is `net.bridge.bridge-nf-call-iptables` = 1; the nft backend needs no switch")
      ])
  }

  fileprivate static func neighborsUnchecked(_ network: Network) -> Diagnostic {
    Diagnostic(
      .antispoofArp,
      "iptables checks source addresses on `\(network.name.value)`, but neither ARP nor neighbor "
        + "discovery",
      at: network.antispoof.span)
  }

  fileprivate static func mapsUnrolled(_ count: Int, _ family: AddressFamily) -> Diagnostic {
    Diagnostic(
      .backendIptables,
      "maps and sets became \(count) rules in a row for IPv\(family.rawValue); nft looks them up "
        + "in one step",
      at: nil)
  }

  /// `nil` for bridge rules: what they are for is told of the network.
  fileprivate init?(_ problem: Unsupported) {
    let severity: Severity? =
      switch problem.reason {
      case .bridgeTable: nil
      case .hook, .condition, .effect: .error
      case .rejection, .burst: .warning
      }
    guard let severity else { return nil }
    self.init(.enforceBackend, severity, "\(problem)", at: problem.origin?.span)
  }
}
