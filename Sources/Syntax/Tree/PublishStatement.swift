package import Diagnostics

/// `publish PROTO [HOSTADDR:]PORTS -> TARGET[:PORTS] [CLAUSES]`
package struct PublishStatement: Hashable, Sendable {
  /// `tcp`, `udp`, `sctp`, or two of them around a slash.
  package let protocols: [Identifier]
  package let hostAddress: AddressSyntax?
  /// One or more ports, ranges or `auto`.
  package let hostPorts: [PortSyntax]
  package let target: Identifier
  /// The inside port or range; `nil` for the same as outside.
  package let targetPort: PortSyntax?
  package let clauses: [ClauseSyntax]
  package let span: SourceSpan

  package init(
    protocols: [Identifier], hostAddress: AddressSyntax?, hostPorts: [PortSyntax],
    target: Identifier, targetPort: PortSyntax?, clauses: [ClauseSyntax], at span: SourceSpan
  ) {
    self.protocols = protocols
    self.hostAddress = hostAddress
    self.hostPorts = hostPorts
    self.target = target
    self.targetPort = targetPort
    self.clauses = clauses
    self.span = span
  }
}
