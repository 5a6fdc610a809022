package import Diagnostics

/// How a network hangs on the host.
package enum AttachmentStatement: Hashable, Sendable {
  /// `bridge IF [ports IF, …]`
  case bridge(Identifier, ports: [Identifier], SourceSpan)
  /// `macvlan PARENT mode M`
  case macvlan(parent: Identifier, mode: Identifier?, SourceSpan)
  /// `ipvlan PARENT mode M`
  case ipvlan(parent: Identifier, mode: Identifier?, SourceSpan)
  /// `openvswitch IF`
  case openvswitch(Identifier, SourceSpan)
  /// `interface IF`
  case interface(Identifier, SourceSpan)

  package var span: SourceSpan {
    switch self {
    case .bridge(_, _, let span), .macvlan(_, _, let span), .ipvlan(_, _, let span),
      .openvswitch(_, let span), .interface(_, let span):
      span
    }
  }
}
