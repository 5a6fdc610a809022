import Diagnostics
import NetworkTypes
import Syntax

extension Diagnostic {
  static func foreignSourceNAT(_ name: Identifier, network: Identifier) -> Diagnostic {
    Diagnostic(
      .nameKind, "`\(name.text)` is in `\(network.text)`; `snat` is about the network's own",
      at: name.span, notes: [Note("`\(network.text)` is declared here", at: network.span)])
  }

  static func globalMasquerade(
    _ span: SourceSpan, _ subnet: Sourced<AddressPrefix>
  ) -> Diagnostic {
    Diagnostic(
      .natIpv6Global, "`\(subnet.value)` is reachable as it is; `masquerade ipv4` leaves it so",
      at: span, notes: [Note("the subnet is here", at: subnet.span)])
  }

  static func masqueradeFamily(
    _ node: MasqueradeStatement, _ family: AddressFamily, _ network: Sourced<String>
  ) -> Diagnostic {
    Diagnostic(
      .addressFamily, "`\(network.value)` has no \(family.name) subnet to masquerade", at: node.span
    )
  }

  static func masqueradeTwice(
    _ family: AddressFamily, at span: SourceSpan, first: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .natTwice, "another `masquerade` takes the same \(family.name) packets", at: span,
      notes: [Note("the first is here", at: first)])
  }

  static func rewriteInside(_ address: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .subnetUplink, "the source `\(address)` lies in a subnet of this policy, not on an uplink",
      at: span)
  }

  static func sourceAddressFamily(
    _ node: MasqueradeStatement, _ family: AddressFamily
  ) -> Diagnostic {
    Diagnostic(
      .addressFamily, "`\(node.address?.text ?? "")` is no \(family.name) address",
      at: node.address?.span ?? node.span)
  }

  static func sourceNATFamily(
    _ name: Identifier, _ syntax: AddressSyntax, _ family: AddressFamily
  ) -> Diagnostic {
    Diagnostic(
      .addressFamily, "`\(name.text)` has no \(family.name) address to rewrite to `\(syntax.text)`",
      at: syntax.span)
  }

  static func sourceNATTwice(
    _ guest: String, at span: SourceSpan, first: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .natTwice, "`\(guest)` has a `snat` of this family already", at: span,
      notes: [Note("the first is here", at: first)])
  }
}

extension AddressFamily {
  /// The family as messages call it.
  var name: String {
    switch self {
    case .ipv4: "IPv4"
    case .ipv6: "IPv6"
    }
  }
}
