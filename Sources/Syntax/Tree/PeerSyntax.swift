package import Diagnostics

/// One side of a flow, as written.
package enum PeerSyntax: Hashable, Sendable {
  /// A network, container, VM or list.
  case name(Identifier)
  case address(AddressSyntax)
  case host(SourceSpan)
  case world(SourceSpan)
  case any(SourceSpan)

  package var span: SourceSpan {
    switch self {
    case .name(let name): name.span
    case .address(let address): address.span
    case .host(let span), .world(let span), .any(let span): span
    }
  }
}
