package import Diagnostics

/// `publish PROTO[/PROTO] [HOSTADDR:]PORTS -> TARGET[:PORTS] [CLAUSES]`
///
/// There may be a hundred thousand in a file, so what few of them say takes no room in the others.
package struct PublishStatement: Hashable, Sendable {
  // The parts are all of one file, so each needs only its offsets.
  private let name: String
  private let nameStart: UInt32
  private let nameEnd: UInt32
  private let outside: CompactPort
  private let inside: CompactPort
  private let rest: Rest
  package let span: SourceSpan
  private let transportStart: UInt32
  private let transportEnd: UInt32
  private let keyword: Keyword
  private let isQuoted: Bool
  private let hasTargetPort: Bool

  /// What few lines say.
  private enum Rest: Hashable, Sendable {
    case nothing
    indirect case something(PublishDetails)
  }

  init(
    transport: TransportWord, hostPort: PortSyntax, target: Identifier,
    targetPort: PortSyntax?, details: PublishDetails?, at span: SourceSpan
  ) {
    name = target.text
    nameStart = target.span.start
    nameEnd = target.span.end
    isQuoted = target.isQuoted
    outside = CompactPort(hostPort)
    inside = CompactPort(targetPort ?? hostPort)
    hasTargetPort = targetPort != nil
    keyword = transport.keyword
    transportStart = transport.span.start
    transportEnd = transport.span.end
    self.span = span
    rest = details.map { .something($0) } ?? .nothing
  }

  /// The first protocol.
  package var transport: TransportWord {
    TransportWord(
      keyword, at: SourceSpan(file: span.file, start: transportStart, end: transportEnd))
  }

  /// The first port, range or `auto`.
  package var hostPort: PortSyntax { outside.port(in: span.file) }

  /// The container or VM.
  package var target: Identifier {
    Identifier(
      name, at: SourceSpan(file: span.file, start: nameStart, end: nameEnd), isQuoted: isQuoted)
  }

  /// The inside port or range; `nil` for the same as outside.
  package var targetPort: PortSyntax? { hasTargetPort ? inside.port(in: span.file) : nil }

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

/// A port as a publish keeps it: its offsets, and both numbers in one word.
private struct CompactPort: Hashable {
  private let start: UInt32
  private let end: UInt32
  /// The numbers, 30 bits each, and the form.
  private let packed: UInt64

  init(_ port: PortSyntax) {
    start = port.span.start
    end = port.span.end
    let form: UInt64 =
      switch port.form {
      case .port: 0
      case .range: 1
      case .automatic: 2
      }
    packed = UInt64(port.lower) << 32 | UInt64(port.upper) << 2 | form
  }

  func port(in file: UInt32) -> PortSyntax {
    let form: PortSyntax.Form = packed & 3 == 0 ? .port : packed & 3 == 1 ? .range : .automatic
    return PortSyntax(
      form, UInt32(packed >> 32), UInt32(packed >> 2 & 0x3FFF_FFFF),
      at: SourceSpan(file: file, start: start, end: end))
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
