package import Diagnostics
package import NetworkTypes

/// One published port or port range: a mapping, and the permission to use it.
///
/// A line with several protocols or ports is several publishes with one span. There may be a
/// hundred thousand, so a value holds no references, and what few of them say is in
/// ``Policy/terms``.
@usableFromInline
package struct Publish: Sendable {
  /// The host address; `nil` for every address of the families in `families`.
  package let hostAddress: IPAddress?
  package let transport: TransportProtocol
  /// The families that the line covers and the target has.
  package let familySet: FamilySet
  /// The first inside port; the others follow one for one.
  package let targetPort: UInt16
  package let hostPorts: PortRange
  @usableFromInline let networkIndex: Int32
  @usableFromInline let guestIndex: Int32
  @usableFromInline let termsIndex: Int32
  package let span: SourceSpan

  /// Who may use a published port, and how often.
  package struct Terms: Hashable, Sendable {
    /// Who may use it; empty for everybody.
    package let sources: [Peer]
    /// Who may not, of `sources`.
    package let exceptions: [Peer]
    /// The clauses other than `from` and `except`.
    package let clauses: FlowClauses

    package init(sources: [Peer], exceptions: [Peer], clauses: FlowClauses) {
      self.sources = sources
      self.exceptions = exceptions
      self.clauses = clauses
    }

    /// Everybody, always.
    package static let open = Terms(sources: [], exceptions: [], clauses: FlowClauses())
  }

  /// - Parameter terms: the index of its terms in ``Policy/terms``; `nil` for everybody, always.
  package init(
    transport: TransportProtocol, hostAddress: IPAddress?, families: FamilySet,
    hostPorts: PortRange, network: Int, guest: Int, targetPort: UInt16, terms: Int?,
    span: SourceSpan
  ) {
    self.transport = transport
    self.hostAddress = hostAddress
    familySet = families
    self.hostPorts = hostPorts
    networkIndex = Int32(network)
    guestIndex = Int32(guest)
    self.targetPort = targetPort
    termsIndex = terms.map { Int32($0) } ?? -1
    self.span = span
  }

  /// The target's network.
  @inlinable package var network: Int { Int(networkIndex) }

  /// The target's index in its network.
  @inlinable package var guest: Int { Int(guestIndex) }

  /// The families that the line covers and the target has, in their order.
  package var families: [AddressFamily] { familySet.families }

  /// The inside ports, as many as outside.
  package var targetPorts: PortRange {
    PortRange(targetPort, targetPort + (hostPorts.upper - hostPorts.lower))
  }

  /// Whether not everybody may use it at any time.
  @inlinable package var isRestricted: Bool { termsIndex >= 0 }

  /// The index of its terms in ``Policy/terms``; `nil` for everybody, always.
  package var terms: Int? { termsIndex < 0 ? nil : Int(termsIndex) }
}

extension Policy {
  /// Who may use a published port.
  package func terms(of publish: Publish) -> Publish.Terms {
    publish.terms.map { terms[$0] } ?? .open
  }
}

extension Publish: CustomReflectable {
  /// The fields by their names in the language.
  @usableFromInline
  package var customMirror: Mirror {
    Mirror(
      self,
      children: [
        "transport": transport, "hostAddress": hostAddress as Any, "families": families,
        "hostPorts": hostPorts, "network": network, "guest": guest, "targetPort": targetPort,
        "terms": terms as Any, "span": span,
      ], displayStyle: .struct)
  }
}
