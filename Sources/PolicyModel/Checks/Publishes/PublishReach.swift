import Diagnostics
import Syntax

extension PublishContext {
  /// Nobody comes to an internal network, by a published port either.
  func checkReach(_ publish: PublishValues, _ line: PublishLine, _ findings: inout CappedFindings) {
    let traits = traits[publish.network]
    guard let span = traits.internalSpan, traits.isSeenByHost else { return }
    let name = draft.policy.networks[publish.network].name
    let target = draft.statement(of: line).target
    findings.add(error: .internalPublish(target, name, internal: span))
  }
}
