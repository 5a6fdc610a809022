package import Diagnostics

/// One statement at the top level of a file.
package enum Declaration: Hashable, Sendable {
  /// `language N`
  case language(version: Sourced<String>, SourceSpan)
  /// `include "glob"`
  case include(pattern: Identifier, SourceSpan)
  /// `uplink IF, …`
  case uplink([Identifier], SourceSpan)
  /// `list NAME { ENTRY, … }`; an entry is an address or another list's name.
  case list(name: Identifier, entries: [PeerSyntax], SourceSpan)
  /// `service NAME = MATCH`
  case service(name: Identifier, MatchSyntax, SourceSpan)
  case network(NetworkDeclaration)
  case access(AccessStatement)
  /// `default allow|deny|reject FLOW`
  case `default`(AccessStatement)
  /// `expect allow|deny FLOW`
  case expect(AccessStatement)
  indirect case publish(PublishStatement)
  /// `on HOST, … { DECLARATIONS }`
  case on(hosts: [Identifier], [Declaration], SourceSpan)
  /// `log denied [LIMIT]`
  indirect case logDenied(LimitSyntax?, SourceSpan)
  /// `sysctl manage|check`
  case sysctl(managed: Sourced<Bool>, SourceSpan)
  /// `mss clamp [pmtu|BYTES]`; `nil` for `pmtu`.
  case mssClamp(bytes: Sourced<String>?, SourceSpan)
  /// What the parser could not read; it has said so.
  case malformed(SourceSpan)

  package var span: SourceSpan {
    switch self {
    case .language(_, let span), .include(_, let span), .uplink(_, let span),
      .list(_, _, let span), .service(_, _, let span), .on(_, _, let span),
      .logDenied(_, let span), .sysctl(_, let span), .mssClamp(_, let span),
      .malformed(let span):
      span
    case .network(let node): node.span
    case .access(let node), .default(let node), .expect(let node): node.span
    case .publish(let node): node.span
    }
  }
}
