package import Diagnostics

/// `publish PROTO[/PROTO] [HOSTADDR:]PORTS -> TARGET[:PORTS] [CLAUSES]`
///
/// There may be a hundred thousand in a file, so what few of them say takes no room in the others.
package struct PublishStatement: Hashable, Sendable {
  /// The first protocol.
  package let transport: TransportWord
  /// The first port, range or `auto`.
  package let hostPort: PortSyntax
  package let target: Identifier
  /// The inside port or range; `nil` for the same as outside.
  package let targetPort: PortSyntax?
  package let span: SourceSpan
  private let rest: Rest

  /// What few lines say.
  private enum Rest: Hashable, Sendable {
    case nothing
    indirect case something(PublishDetails)
  }

  init(
    transport: TransportWord, hostPort: PortSyntax, target: Identifier,
    targetPort: PortSyntax?, details: PublishDetails?, at span: SourceSpan
  ) {
    self.transport = transport
    self.hostPort = hostPort
    self.target = target
    self.targetPort = targetPort
    self.span = span
    rest = details.map { .something($0) } ?? .nothing
  }

  // Each asks by itself: making the details of a line that has none would cost more than the rest.

  /// The protocol after the slash.
  package var secondTransport: TransportWord? {
    guard case .something(let details) = rest else { return nil }
    return details.secondTransport
  }

  /// The address before the ports.
  package var hostAddress: AddressSyntax? {
    guard case .something(let details) = rest else { return nil }
    return details.hostAddress
  }

  /// Whether ports follow ``hostPort``.
  package var hasSeveralPorts: Bool {
    guard case .something(let details) = rest else { return false }
    return !details.furtherPorts.isEmpty
  }

  /// One or more ports, ranges or `auto`.
  package var hostPorts: [PortSyntax] {
    guard case .something(let details) = rest else { return [hostPort] }
    return [hostPort] + details.furtherPorts
  }

  /// Whether there are any ``clauses``.
  package var hasClauses: Bool {
    guard case .something(let details) = rest else { return false }
    return !details.clauses.isEmpty
  }

  /// What narrows the publish.
  package var clauses: [ClauseSyntax] {
    guard case .something(let details) = rest else { return [] }
    return details.clauses
  }
}

/// A protocol's name as written in a `publish`.
package struct TransportWord: Hashable, Sendable {
  package let keyword: Keyword
  package let span: SourceSpan

  package init(_ keyword: Keyword, at span: SourceSpan) {
    self.keyword = keyword
    self.span = span
  }

  /// The name, as the author writes it.
  package var text: String { keyword.rawValue }
}

/// What a publish says beyond a protocol, a port and a target.
struct PublishDetails: Hashable, Sendable {
  let secondTransport: TransportWord?
  let hostAddress: AddressSyntax?
  /// The host's ports after the first.
  let furtherPorts: [PortSyntax]
  let clauses: [ClauseSyntax]
}

extension PublishStatement: CustomReflectable {
  /// The parts in the order in which they are written.
  package var customMirror: Mirror {
    let protocols = [transport] + (secondTransport.map { [$0] } ?? [])
    return Mirror(
      self,
      children: [
        "protocols": protocols.map { Identifier($0.text, at: $0.span) },
        "hostAddress": hostAddress as Any, "hostPorts": hostPorts, "target": target,
        "targetPort": targetPort as Any, "clauses": clauses, "span": span,
      ], displayStyle: .struct)
  }
}
