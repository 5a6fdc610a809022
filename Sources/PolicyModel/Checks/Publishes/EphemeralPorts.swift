import Diagnostics
import NetworkTypes
import Syntax

extension PublishContext {
  /// Ports that the kernel also gives to the host's own clients, by default 32768-60999
  /// (ip_local_port_range in ip(7)). `auto` has chosen its range knowingly.
  func checkEphemeral(_ publish: Publish, _ line: PublishLine, _ findings: inout CappedFindings) {
    guard publish.hostPorts.lower <= 60999, publish.hostPorts.upper >= 32768 else { return }
    let ports = line.statement.hostPorts
    if ports.contains(where: \.isAutomatic) { return }
    let span = ports.count == 1 ? ports[0].span : line.statement.span
    findings.add(.publishEphemeral, at: span) { .ephemeralPort(publish.hostPorts, at: span) }
  }
}
