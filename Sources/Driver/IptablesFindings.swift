import Diagnostics
import IptablesBackend
import Lowering
import Netfilter
import NetworkTypes
import PolicyModel

/// What is to be said about a policy whose rules are `legalized`.
func iptablesFindings(
  _ legalized: Legalized, of result: Compilation, _ ruleset: Ruleset, _ policy: Policy
) -> DiagnosticLog {
  var log = DiagnosticLog()
  for network in policy.networks {
    guard case .bridge = network.attachment.kind else { continue }
    if !network.icc.value {
      log.add(.bridgedFramesUnseen("icc off", network, at: network.icc.span))
    }
    if network.antispoof.value {
      log.add(.bridgedFramesUnseen("antispoof on", network, at: network.antispoof.span))
      log.add(.neighborsUnchecked(network))
    }
  }
  for span in judgedFrames(ruleset, policy).union(uncountable(result, policy)).sorted() {
    log.add(.lineUnseen(at: span))
  }
  for problem in legalized.unsupported {
    if let finding = Diagnostic(problem) { log.add(finding) }
  }
  if legalized.unrolledRules > unrollingLimit {
    log.add(.mapsUnrolled(legalized.unrolledRules, legalized.family))
  }
  log.add(contentsOf: result.expectationFindings(.iptables, [legalized.family]))
  return log
}

/// The lines that refuse or log flows between members of one bridge.
private func judgedFrames(_ ruleset: Ruleset, _ policy: Policy) -> Set<SourceSpan> {
  guard let rules = ruleset.table(.bridge)?.chains.flatMap(\.rules) else { return [] }
  let lines = (policy.access + policy.defaults).filter {
    $0.verb != .allow || $0.clauses.log != nil
  }
  return Set(rules.compactMap(\.origin?.span)).intersection(lines.map(\.span))
}

/// The lines that count connections between members of one bridge.
private func uncountable(_ result: Compilation, _ policy: Policy) -> [SourceSpan] {
  guard !result.capabilities.contains(.bridgeConntrack) else { return [] }
  return frameCountingLines(policy, sources: result.sources).filter { !$0.isPublish }.map(\.span)
}

/// Below so many rules nobody notices the difference between a map and rules in a row.
private let unrollingLimit = 100

extension Diagnostic {
  fileprivate static func bridgedFramesUnseen(
    _ setting: String, _ network: Network, at span: SourceSpan?
  ) -> Diagnostic {
    Diagnostic(
      .enforceBridge,
      "`\(setting)` on `\(network.name.value)` works between its ports only while bridged frames "
        + "are handed to iptables",
      at: span,
      notes: [
        Note("that is `net.bridge.bridge-nf-call-iptables` = 1; the nft backend needs no switch")
      ])
  }

  fileprivate static func lineUnseen(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .enforceBridge,
      "between members of one bridge this works only while bridged frames are handed to iptables",
      at: span,
      notes: [
        Note("that is `net.bridge.bridge-nf-call-iptables` = 1; the nft backend needs no switch")
      ])
  }

  fileprivate static func neighborsUnchecked(_ network: Network) -> Diagnostic {
    Diagnostic(
      .antispoofArp,
      "iptables checks source addresses on `\(network.name.value)`, but neither ARP and neighbor "
        + "discovery nor, between ports, whose MAC comes with an address",
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
    self.init(
      .enforceBackend, severity, "\(problem)", at: problem.origin?.span,
      notes: [Note(problem.because), Note(problem.mend)])
  }
}
