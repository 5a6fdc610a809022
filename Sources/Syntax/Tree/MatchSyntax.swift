package import Diagnostics

/// What a flow carries: `tcp 80, 443, udp 53, icmp echo-request, postgres`.
package struct MatchSyntax: Hashable, Sendable {
  /// One comma-joined item, in the order written.
  package enum Item: Hashable, Sendable {
    /// A protocol by name, followed by nothing, by a port, or by an ICMP type.
    case transport(Identifier)
    /// `protocol 47`.
    case transportNumber(Sourced<String>)
    /// A port or range; belongs to the nearest protocol on its left.
    case port(PortSyntax)
    /// A service, or an ICMP type where it follows `icmp` or `icmpv6`.
    case name(Identifier)
  }

  package let items: [Item]
  package let span: SourceSpan

  package init(_ items: [Item], at span: SourceSpan) {
    self.items = items
    self.span = span
  }
}
