package import Diagnostics
package import NetworkTypes

/// One published port or port range: a mapping, and the permission to use it.
///
/// A line with several protocols or ports is several publishes with one span. There may be a
/// hundred thousand, so what few of them say is in ``terms``.
package struct Publish: Sendable {
  package let transport: TransportProtocol
  /// The host address; `nil` for every address of the families in `families`.
  package let hostAddress: IPAddress?
  /// The families that the line covers and the target has.
  package let families: [AddressFamily]
  package let hostPorts: PortRange
  package let network: Int
  package let guest: Int
  /// The first inside port; the others follow one for one.
  package let targetPort: UInt16
  /// Who may use it, and how often.
  package let terms: Terms
  package let span: SourceSpan

  /// The permission to use a published port.
  package enum Terms: Sendable {
    /// Everybody, always.
    case open
    /// Sources (empty for everybody), those among them who may not, and the other clauses.
    indirect case restricted(sources: [Peer], exceptions: [Peer], FlowClauses)
  }

  package init(
    transport: TransportProtocol, hostAddress: IPAddress?, families: [AddressFamily],
    hostPorts: PortRange, network: Int, guest: Int, targetPort: UInt16, terms: Terms,
    span: SourceSpan
  ) {
    self.transport = transport
    self.hostAddress = hostAddress
    self.families = families
    self.hostPorts = hostPorts
    self.network = network
    self.guest = guest
    self.targetPort = targetPort
    self.terms = terms
    self.span = span
  }

  /// The inside ports, as many as outside.
  package var targetPorts: PortRange {
    PortRange(targetPort, targetPort + (hostPorts.upper - hostPorts.lower))
  }

  /// Whether not everybody may use it at any time.
  package var isRestricted: Bool {
    switch terms {
    case .open: false
    case .restricted: true
    }
  }

  /// Who may use it; empty for everybody.
  package var sources: [Peer] {
    switch terms {
    case .open: []
    case .restricted(let sources, _, _): sources
    }
  }

  /// Who may not, of `sources`.
  package var exceptions: [Peer] {
    switch terms {
    case .open: []
    case .restricted(_, let exceptions, _): exceptions
    }
  }

  /// The clauses other than `from` and `except`.
  package var clauses: FlowClauses {
    switch terms {
    case .open: FlowClauses()
    case .restricted(_, _, let clauses): clauses
    }
  }
}

extension Publish.Terms {
  /// The terms that these clauses make; `open` where they say nothing.
  package init(sources: [Peer], exceptions: [Peer], clauses: FlowClauses) {
    let isOpen = sources.isEmpty && exceptions.isEmpty && clauses == FlowClauses()
    self = isOpen ? .open : .restricted(sources: sources, exceptions: exceptions, clauses)
  }
}
