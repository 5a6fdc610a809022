package import Diagnostics

/// `PEERS -> PEERS [MATCH] [CLAUSES]`
package struct FlowSyntax: Hashable, Sendable {
  package let sources: [PeerSyntax]
  package let destinations: [PeerSyntax]
  package let match: MatchSyntax?
  package let clauses: [ClauseSyntax]
  package let span: SourceSpan

  package init(
    sources: [PeerSyntax], destinations: [PeerSyntax], match: MatchSyntax?,
    clauses: [ClauseSyntax], at span: SourceSpan
  ) {
    self.sources = sources
    self.destinations = destinations
    self.match = match
    self.clauses = clauses
    self.span = span
  }
}
