package import Diagnostics

/// One statement inside a network.
///
/// A network may have a hundred thousand, nearly all of them publishes: the others stand beside.
package enum Statement: Hashable, Sendable {
  indirect case attachment(AttachmentStatement)
  /// `subnet PREFIX, …`
  indirect case subnet([AddressSyntax], SourceSpan)
  /// `gateway ADDRESS, …`
  indirect case gateway([AddressSyntax], SourceSpan)
  /// `pool RANGE, …`
  indirect case pool([AddressSyntax], SourceSpan)
  indirect case masquerade(MasqueradeStatement)
  /// `snat CONTAINER as ADDRESS`
  indirect case snat(Identifier, address: AddressSyntax, SourceSpan)
  /// `icc on|off`
  indirect case icc(Sourced<Bool>, SourceSpan)
  /// `isolation on|strict|off`
  indirect case isolation(Sourced<IsolationLevel>, SourceSpan)
  case `internal`(SourceSpan)
  /// `direct access on|off [from PEERS]`
  indirect case directAccess(Sourced<Bool>, from: [PeerSyntax], SourceSpan)
  /// `serve NAME, …`
  indirect case serve([Identifier], SourceSpan)
  /// `antispoof on|off`
  indirect case antispoof(Sourced<Bool>, SourceSpan)
  indirect case guest(GuestStatement)
  case publish(PublishStatement)
  indirect case access(AccessStatement)
  /// What the parser could not read; it has said so.
  case malformed(SourceSpan)

  package var span: SourceSpan {
    switch self {
    case .attachment(let node): node.span
    case .subnet(_, let span), .gateway(_, let span), .pool(_, let span), .snat(_, _, let span),
      .icc(_, let span), .isolation(_, let span), .internal(let span),
      .directAccess(_, _, let span), .serve(_, let span), .antispoof(_, let span),
      .malformed(let span):
      span
    case .masquerade(let node): node.span
    case .guest(let node): node.span
    case .publish(let node): node.span
    case .access(let node): node.span
    }
  }
}

/// The words after `isolation`.
package enum IsolationLevel: String, CaseIterable, Hashable, Sendable {
  case on, strict, off
}
