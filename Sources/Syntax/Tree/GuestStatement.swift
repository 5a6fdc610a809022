package import Diagnostics

/// `container NAME ADDRESS, … [mac M]` or `vm NAME ADDRESS, … [mac M]`
package struct GuestStatement: Hashable, Sendable {
  /// The word that declares it; both mean the same to netfilter.
  package enum Kind: String, CaseIterable, Hashable, Sendable { case container, vm }

  package let kind: Kind
  package let name: Identifier
  package let addresses: [AddressSyntax]
  package let mac: AddressSyntax?
  package let span: SourceSpan

  package init(
    kind: Kind, name: Identifier, addresses: [AddressSyntax], mac: AddressSyntax?,
    at span: SourceSpan
  ) {
    self.kind = kind
    self.name = name
    self.addresses = addresses
    self.mac = mac
    self.span = span
  }
}
