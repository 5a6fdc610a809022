import Diagnostics
import NetworkTypes
import Syntax

extension PublishContext {
  /// Where addresses are not translated, clients dial the container itself: no port and no host
  /// address can stand between.
  func checkRoutedPorts(_ publish: Publish, _ line: PublishLine, _ findings: inout CappedFindings) {
    let traits = traits[publish.network]
    guard let routed = publish.families.first(where: { !traits.translated.contains($0) }),
      traits.isSeenByHost, traits.internalSpan == nil
    else { return }
    let name = draft.policy.networks[publish.network].name
    if publish.hostAddress != nil, let syntax = line.statement.hostAddress {
      findings.add(error: .routedHostAddress(syntax, routed, name))
    } else if publish.hostPorts.lower != publish.targetPort {
      let kept = publish.families.first { traits.translated.contains($0) }
      findings.add(
        error: .routedPort(
          line.statement, routed, name, inside: publish.targetPorts,
          outside: publish.hostPorts, translated: kept))
    }
  }
}
