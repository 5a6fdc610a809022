import Diagnostics
import NetworkTypes
import Syntax

extension Diagnostic {
  static func automaticPort(
    _ port: UInt16, _ transport: TransportProtocol, _ guest: String, _ target: UInt16,
    at span: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .publishAuto, "`auto` is \(transport) port \(port), for `\(guest)` port \(target)", at: span)
  }

  static func automaticWithoutTarget(_ port: PortSyntax) -> Diagnostic {
    Diagnostic(
      .portCount, "`auto` needs the container's port: `-> NAME:PORT`", at: port.span)
  }

  static func ephemeralPort(_ ports: PortRange, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .publishEphemeral,
      "`\(ports)` is in 32768-60999, from which the host's own clients take ports", at: span)
  }

  static func familyGap(
    _ guest: Sourced<String>, _ family: AddressFamily, _ other: AddressFamily, at span: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .publishFamilyGap,
      "`\(guest.value)` has \(other.name) too, and this is published in \(family.name) only",
      at: span, notes: [Note("`\(guest.value)` is declared here", at: guest.span)])
  }

  static func hiddenHostPort(
    _ publish: PublishValues, at span: SourceSpan, allow: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .publishPrivilegedDuplicate,
      "this takes \(publish.transport) `\(publish.hostPorts)` from the host's own service",
      at: span, notes: [Note("the host's port is opened here", at: allow)])
  }

  static func internalPublish(
    _ target: Identifier, _ network: Sourced<String>, internal place: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .publishUnreachable, "`\(target.text)` is on `\(network.value)`, which nobody can reach",
      at: target.span, notes: [Note("`internal` is here", at: place)])
  }

  static func largePublish(_ ports: PortRange, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .publishSize, "\(ports.count) ports become one entry of a range map", at: span)
  }

  static func loopbackIPv4(
    _ address: IPAddress, isManaged: Bool, at span: SourceSpan
  ) -> Diagnostic {
    let hint = isManaged ? "applying turns it on" : "turn it on, since `sysctl check` does not"
    return Diagnostic(
      .publishLoopback, isManaged ? .note : .warning,
      "a publish on `\(address)` needs `route_localnet` on the network's link; \(hint)", at: span)
  }

  static func loopbackIPv6(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .publishLoopback, .error, "the kernel cannot translate `::1`; publish on 127.0.0.1 instead",
      at: span)
  }

  static func noAutomaticPort(at span: SourceSpan) -> Diagnostic {
    Diagnostic(.portRange, "no port is left for `auto`: all 16383 are taken", at: span)
  }

  static func openDatabase(
    _ name: String, _ port: UInt16, at span: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .publishWorld, "\(name) on port \(port) is open to everybody; say `from` whom",
      at: span)
  }

  static func openPublish(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .publishOpen,
      "everybody may use this, on every address; `from any` says that it is meant", at: span)
  }

  static func publishConflict(
    _ publish: Publish, at span: SourceSpan, _ first: Publish, at firstSpan: SourceSpan,
    _ guest: String
  ) -> Diagnostic {
    let shared = PortRange(
      max(publish.hostPorts.lower, first.hostPorts.lower),
      min(publish.hostPorts.upper, first.hostPorts.upper))
    return Diagnostic(
      .publishConflict, "\(publish.transport) `\(shared)` is already published, to `\(guest)`",
      at: span, notes: [Note("the first is here", at: firstSpan)])
  }

  static func publishFamily(_ node: PublishStatement, _ wanted: FamilySet) -> Diagnostic {
    let family = wanted.families.count == 1 ? "\(wanted.families[0].name) " : ""
    return Diagnostic(
      .publishUnreachable, "`\(node.target.text)` has no \(family)address", at: node.target.span,
      notes: node.hostAddress.map { [Note("the host address is here", at: $0.span)] } ?? [])
  }

  static func publishInside(
    _ address: IPAddress, _ network: Sourced<String>?, at span: SourceSpan
  ) -> Diagnostic {
    let owner = network.map { "`\($0.value)`" } ?? "a network"
    return Diagnostic(
      .publishAddress, "`\(address)` lies in \(owner) and is not the host's", at: span,
      notes: network.map { [Note("the network is declared here", at: $0.span)] } ?? [])
  }

  static func publishOnGroup(_ address: IPAddress, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .publishAddress, "`\(address)` stands for many hosts and is no host's own", at: span)
  }

  static func publisherWithoutGuests(_ name: Identifier, publish: SourceSpan) -> Diagnostic {
    Diagnostic(
      .publishNoContainer, "`\(name.text)` publishes and has no container", at: name.span,
      notes: [Note("it publishes here", at: publish)])
  }

  static func routedHostAddress(
    _ syntax: AddressSyntax, _ family: AddressFamily, _ network: Sourced<String>
  ) -> Diagnostic {
    Diagnostic(
      .publishRouted,
      "`\(network.value)` is routed in \(family.name): clients dial the container, not `\(syntax.text)`",
      at: syntax.span, notes: [Note("`\(network.value)` is declared here", at: network.span)])
  }

  static func routedPort(
    _ node: PublishStatement, _ family: AddressFamily, _ network: Sourced<String>,
    inside: PortRange, outside: PortRange, translated: AddressFamily?
  ) -> Diagnostic {
    Diagnostic(
      .publishRouted,
      "`\(network.value)` is routed in \(family.name): clients reach `\(inside)` there, not `\(outside)`",
      at: node.span, notes: [Note("`\(network.value)` is declared here", at: network.span)],
      fixIts: routedFix(node, inside, translated).map { [$0] } ?? [])
  }

  /// Keeps the publish in the family where it can be, or else publishes the inside port.
  private static func routedFix(
    _ node: PublishStatement, _ inside: PortRange, _ translated: AddressFamily?
  ) -> FixIt? {
    let first = node.hostPort
    guard node.hostAddress == nil else { return nil }
    if let translated {
      let address = translated == .ipv4 ? "0.0.0.0" : "[::]"
      let place = SourceSpan(file: first.span.file, start: first.span.start, end: first.span.start)
      return FixIt(
        "publish in \(translated.name) only", edits: [TextEdit(place, replacement: "\(address):")])
    }
    guard node.hostPorts.count == 1 else { return nil }
    return FixIt(
      "publish the port inside", edits: [TextEdit(first.span, replacement: "\(inside)")])
  }

  /// The rest of many findings alike.
  static func untold(_ id: DiagnosticID, _ count: Int, at span: SourceSpan?) -> Diagnostic {
    let noun = count == 1 ? "line" : "lines"
    return Diagnostic(id, "the same goes for \(count) more \(noun) from here on", at: span)
  }

  static func wildcardOverlap(
    _ publish: Publish, at span: SourceSpan, wildcard: SourceSpan, _ guest: String, isSame: Bool
  ) -> Diagnostic {
    let ports = "\(publish.transport) `\(publish.hostPorts)`"
    let address = publish.hostAddress.map { "`\($0)`" } ?? "its address"
    let sentence =
      isSame
      ? "\(ports) on \(address) goes by this line, elsewhere by the publish on every address"
      : "\(ports) on \(address) is claimed by a publish on every address too, to `\(guest)`"
    return Diagnostic(
      .publishWildcardOverlap, isSame ? .warning : .error, sentence, at: span,
      notes: [Note("the publish on every address is here", at: wildcard)])
  }
}
