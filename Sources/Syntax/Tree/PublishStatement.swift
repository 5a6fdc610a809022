package import Diagnostics

/// `publish PROTO[/PROTO] [HOSTADDR:]PORTS -> TARGET[:PORTS] [CLAUSES]`
///
/// There may be a hundred thousand in a file, so what few of them say takes no room in the others.
package struct PublishStatement: Hashable, Sendable {
  /// The container's name where it is short; other names are among the details.
  package let shortTarget: ShortName?
  // The parts are all of one file, so each needs only its offsets.
  let targetStart: UInt32
  let targetEnd: UInt32
  private let transportStart: UInt32
  private let transportEnd: UInt32
  /// The numbers of ``hostPort``.
  package let hostNumbers: PortNumbers
  /// The numbers of ``targetPort``, or of ``hostPort`` where there is none.
  package private(set) var targetNumbers: PortNumbers
  package private(set) var span: SourceSpan
  /// The word of ``transport``.
  package let transportKeyword: Keyword
  private let isQuoted: Bool
  private(set) var hasTargetPort: Bool
  /// Whether it says more than a protocol, a port, and a target with a short name. Kept beside what it
  /// says, for other targets ask this of each line.
  package private(set) var hasDetails: Bool
  private var rest: Rest

  /// What few lines say.
  private enum Rest: Hashable, Sendable {
    case nothing
    indirect case something(PublishDetails)
  }

  /// - Parameter details: hold the target's name, where that is long.
  init(
    transport: TransportWord, hostPort: PortSyntax, target: Identifier,
    targetPort: PortSyntax?, details: PublishDetails?, at span: SourceSpan
  ) {
    shortTarget = ShortName(target.text)
    targetStart = target.span.start
    targetEnd = target.span.end
    isQuoted = target.isQuoted
    hostNumbers = PortNumbers(hostPort)
    targetNumbers = PortNumbers(targetPort ?? hostPort)
    hasTargetPort = targetPort != nil
    transportKeyword = transport.keyword
    transportStart = transport.span.start
    transportEnd = transport.span.end
    self.span = span
    hasDetails = details != nil
    rest = details.map { .something($0) } ?? .nothing
  }

  /// A line that says no more than that.
  ///
  /// - Parameter target: where the name is written; behind the host's port.
  @inline(__always)
  init(
    _ transport: Keyword, at place: Range<Int>, _ outside: PortNumbers,
    to name: ShortName, at target: Range<Int>, _ inside: PortNumbers?, from start: UInt32,
    in file: UInt32
  ) {
    shortTarget = name
    targetStart = UInt32(truncatingIfNeeded: target.lowerBound)
    targetEnd = UInt32(truncatingIfNeeded: target.upperBound)
    isQuoted = false
    hostNumbers = outside
    targetNumbers = inside ?? outside
    hasTargetPort = inside != nil
    transportKeyword = transport
    transportStart = UInt32(truncatingIfNeeded: place.lowerBound)
    transportEnd = UInt32(truncatingIfNeeded: place.upperBound)
    span = SourceSpan(file: file, start: start, end: inside?.end ?? targetEnd)
    hasDetails = false
    rest = .nothing
  }

  /// Adds what follows a line that says nothing else yet.
  mutating func add(_ targetPort: PortSyntax?, _ clauses: [ClauseSyntax], at span: SourceSpan) {
    if let targetPort {
      targetNumbers = PortNumbers(targetPort)
      hasTargetPort = true
    }
    if !clauses.isEmpty {
      hasDetails = true
      rest = .something(PublishDetails(clauses: clauses))
    }
    self.span = span
  }

  /// The first protocol.
  package var transport: TransportWord {
    TransportWord(
      transportKeyword, at: SourceSpan(file: span.file, start: transportStart, end: transportEnd))
  }

  /// The first port, range or `auto`.
  package var hostPort: PortSyntax { hostNumbers.port(in: span.file) }

  /// The container or VM.
  package var target: Identifier {
    let place = SourceSpan(file: span.file, start: targetStart, end: targetEnd)
    return Identifier(targetText, at: place, isQuoted: isQuoted)
  }

  private var targetText: String {
    if let shortTarget { return shortTarget.text }
    guard case .something(let details) = rest, let name = details.longTarget else {
      preconditionFailure("invariant: a name that is not short is among the details")
    }
    return name
  }

  /// The inside port or range; `nil` for the same as outside.
  package var targetPort: PortSyntax? {
    hasTargetPort ? targetNumbers.port(in: span.file) : nil
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

/// A port as a publish keeps it.
package struct PortNumbers: Hashable, Sendable {
  let start: UInt32
  let end: UInt32
  /// As ``PortSyntax/lower``.
  package let lower: UInt32
  /// As ``PortSyntax/upper``.
  package let upper: UInt32
  /// What is written.
  package let form: PortSyntax.Form

  init(_ port: PortSyntax) {
    start = port.span.start
    end = port.span.end
    lower = port.lower
    upper = port.upper
    form = port.form
  }

  /// One port.
  @inline(__always)
  init(_ number: UInt32, at place: Range<Int>) {
    start = UInt32(truncatingIfNeeded: place.lowerBound)
    end = UInt32(truncatingIfNeeded: place.upperBound)
    lower = number
    upper = number
    form = .port
  }

  /// Whether `auto` is written.
  package var isAutomatic: Bool {
    if case .automatic = form { true } else { false }
  }

  /// The port as written in a file.
  package func port(in file: UInt32) -> PortSyntax {
    PortSyntax(form, lower, upper, at: SourceSpan(file: file, start: start, end: end))
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

/// What a publish says beyond a protocol, a port, and a target with a short name.
struct PublishDetails: Hashable, Sendable {
  var secondTransport: TransportWord?
  var hostAddress: AddressSyntax?
  /// The host's ports after the first.
  var furtherPorts: [PortSyntax] = []
  /// The target's name, where it is no ``ShortName``.
  var longTarget: String?
  var clauses: [ClauseSyntax] = []
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
