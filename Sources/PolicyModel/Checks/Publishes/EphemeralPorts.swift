import Diagnostics
import NetworkTypes
import Syntax

extension PublishContext {
  /// Ports that the kernel also gives to the host's own clients, by default 32768-60999
  /// (ip_local_port_range in ip(7)). `auto` has chosen its range knowingly.
  func checkEphemeral(
    _ publish: PublishValues, _ line: PublishLine, _ findings: inout CappedFindings
  ) {
    guard publish.hostPorts.lower <= 60999, publish.hostPorts.upper >= 32768 else { return }
    if line.hasAutomaticPort { return }
    findings.add(.publishEphemeral, at: line.span) {
      .ephemeralPort(publish.hostPorts, at: draft.portSpan(of: publish.index, in: line))
    }
  }
}
