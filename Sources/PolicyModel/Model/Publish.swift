package import Diagnostics
package import NetworkTypes

/// One published port or port range: a mapping, and the permission to use it.
///
/// A line with several protocols or ports is several publishes with one span.
package struct Publish: Sendable {
  package let transport: TransportProtocol
  /// The host address; `nil` for every address of the families in `families`.
  package let hostAddress: IPAddress?
  /// The families that the line covers and the target has.
  package let families: [AddressFamily]
  package let hostPorts: PortRange
  package let network: Int
  package let guest: Int
  /// The first inside port; the others follow one for one.
  package let targetPort: UInt16
  /// Who may use it; empty for everybody.
  package let sources: [Peer]
  /// Who may not, of `sources`.
  package let exceptions: [Peer]
  package let clauses: FlowClauses
  package let span: SourceSpan

  package init(
    transport: TransportProtocol, hostAddress: IPAddress?, families: [AddressFamily],
    hostPorts: PortRange, network: Int, guest: Int, targetPort: UInt16, sources: [Peer],
    exceptions: [Peer], clauses: FlowClauses, span: SourceSpan
  ) {
    self.transport = transport
    self.hostAddress = hostAddress
    self.families = families
    self.hostPorts = hostPorts
    self.network = network
    self.guest = guest
    self.targetPort = targetPort
    self.sources = sources
    self.exceptions = exceptions
    self.clauses = clauses
    self.span = span
  }

  /// The inside ports, as many as outside.
  package var targetPorts: PortRange {
    PortRange(targetPort, targetPort + (hostPorts.upper - hostPorts.lower))
  }
}
