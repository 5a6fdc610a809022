package import Diagnostics

/// What narrows a flow or publish, as written.
package enum ClauseSyntax: Hashable, Sendable {
  /// `from PEERS`
  case from([PeerSyntax], SourceSpan)
  /// `except PEERS`: what is cut out of the flow's destination; with `from`, out of its source.
  case except([PeerSyntax], SourceSpan)
  /// `via IF`
  case via(Identifier, SourceSpan)
  case limit(LimitSyntax)
  /// `connections N [per source]`
  case connections(count: Sourced<String>, perSource: Bool, SourceSpan)
  /// `log ["prefix"]`
  case log(prefix: Identifier?, SourceSpan)

  package var span: SourceSpan {
    switch self {
    case .from(_, let span), .except(_, let span), .via(_, let span), .connections(_, _, let span),
      .log(_, let span):
      span
    case .limit(let limit): limit.span
    }
  }
}

/// `limit N/UNIT [burst N] [per source]`
package struct LimitSyntax: Hashable, Sendable {
  package let count: Sourced<String>
  package let unit: Identifier
  package let burst: Sourced<String>?
  package let perSource: Bool
  package let span: SourceSpan

  package init(
    count: Sourced<String>, unit: Identifier, burst: Sourced<String>?, perSource: Bool,
    at span: SourceSpan
  ) {
    self.count = count
    self.unit = unit
    self.burst = burst
    self.perSource = perSource
    self.span = span
  }
}
