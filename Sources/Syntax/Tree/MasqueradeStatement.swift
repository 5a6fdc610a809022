package import Diagnostics

/// `masquerade [ipv4|ipv6] [as ADDRESS[-ADDRESS]] [ports A-B] [random|fully-random] [via IF]`
package struct MasqueradeStatement: Hashable, Sendable {
  /// How a source port is picked.
  package enum Randomness: String, CaseIterable, Hashable, Sendable {
    case random
    case fullyRandom = "fully-random"
  }

  /// The one family that is masqueraded.
  package enum Family: Hashable, Sendable { case ipv4, ipv6 }

  package let family: Family?
  package let address: AddressSyntax?
  package let ports: PortSyntax?
  package let randomness: Randomness?
  package let via: Identifier?
  package let span: SourceSpan

  package init(
    family: Family?, address: AddressSyntax?, ports: PortSyntax?, randomness: Randomness?,
    via: Identifier?, at span: SourceSpan
  ) {
    self.family = family
    self.address = address
    self.ports = ports
    self.randomness = randomness
    self.via = via
    self.span = span
  }
}
