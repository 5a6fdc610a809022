import Diagnostics
import NetworkTypes
import Syntax

extension PublishContext {
  /// Ranges that become one entry of a range map instead of one entry for each port.
  func checkSize(_ publish: PublishValues, _ line: PublishLine, _ findings: inout CappedFindings) {
    guard publish.hostPorts.count > 4096 else { return }
    let span = line.span
    findings.add(.publishSize, at: span) { .largePublish(publish.hostPorts, at: span) }
  }
}
