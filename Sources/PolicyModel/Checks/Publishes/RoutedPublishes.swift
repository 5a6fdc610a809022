import Diagnostics
import NetworkTypes
import Syntax

extension PublishContext {
  /// Where addresses are not translated, clients dial the container itself: no port and no host
  /// address can stand between.
  func checkRoutedPorts(
    _ publish: PublishValues, _ line: PublishLine, _ findings: inout CappedFindings
  ) {
    let traits = traits[publish.network]
    if traits.translated.isSuperset(of: publish.families) { return }
    guard let routed = publish.families.subtracting(traits.translated).families.first,
      traits.isSeenByHost, traits.internalSpan == nil
    else { return }
    let statement = draft.statement(of: line)
    let name = draft.policy.networks[publish.network].name
    if publish.hostAddress != nil, let syntax = statement.hostAddress {
      findings.add(error: .routedHostAddress(syntax, routed, name))
    } else if publish.hostPorts.lower != publish.targetPort {
      let kept = publish.families.intersection(traits.translated).families.first
      findings.add(
        error: .routedPort(
          statement, routed, name, inside: publish.targetPorts,
          outside: publish.hostPorts, translated: kept))
    }
  }
}
