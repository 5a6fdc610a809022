import Diagnostics
import NetworkTypes
import Syntax

extension PublishContext {
  /// Ranges that become one entry of a range map instead of one entry for each port.
  func checkSize(_ publish: PublishValues, _ line: PublishLine, _ findings: inout CappedFindings) {
    guard publish.hostPorts.count > 4096 else { return }
    findings.add(.publishSize, at: line.span) {
      .largePublish(publish.hostPorts, at: draft.portSpan(of: publish.index, in: line))
    }
  }
}
