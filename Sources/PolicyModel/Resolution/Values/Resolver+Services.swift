import Diagnostics
import NetworkTypes
import Syntax

extension Resolver {
  mutating func resolveServices(_ services: [DeclarationTable.Service]) {
    for (index, service) in services.enumerated() {
      draft.services[index].matches = resolveMatch(service.match, inService: true) ?? []
    }
  }

  /// Resolves what a flow carries; `nil` after an error.
  ///
  /// - Parameter inService: whether this is a service's own definition, which names no other.
  mutating func resolveMatch(_ match: MatchSyntax, inService: Bool = false) -> [ServiceMatch]? {
    var reader = MatchReader(inService: inService)
    for item in match.items { read(item, &reader) }
    reader.finishTransport()
    return reader.isDamaged ? nil : reader.builder.matches()
  }

  private mutating func read(_ item: MatchSyntax.Item, _ reader: inout MatchReader) {
    switch item {
    case .transport(let name):
      reader.finishTransport()
      guard let transport = TransportProtocol(named: name.text) else {
        log.add(.unknownProtocol(name))
        return reader.fail()
      }
      reader.transport = transport
    case .transportNumber(let number):
      reader.finishTransport()
      guard let value = UInt8(number.value) else {
        log.add(.protocolNumber(number))
        return reader.fail()
      }
      reader.transport = TransportProtocol(number: value)
    case .port(let port): readPort(port, &reader)
    case .name(let name): readName(name, &reader)
    }
  }

  private mutating func readPort(_ port: PortSyntax, _ reader: inout MatchReader) {
    guard let transport = reader.transport else {
      if !reader.isDamaged {
        log.add(.portWithoutProtocol(files.text(port.span), at: port.span))
      }
      return reader.fail()
    }
    guard transport.hasPorts else {
      log.add(.portOnPortless(port, transport))
      return reader.fail()
    }
    guard let range = self.readPort(port) else { return reader.fail() }
    reader.builder.add(transport, range)
    reader.isNarrowed = true
  }

  private mutating func readName(_ name: Identifier, _ reader: inout MatchReader) {
    if let service = symbols.services[name.text] {
      if reader.inService {
        log.add(.serviceInService(name, declared: draft.services[service].declaration.name.span))
        return reader.fail()
      }
      use(service: service, at: name.span)
      let matches = draft.services[service].matches
      return matches.isEmpty ? reader.fail() : reader.builder.add(matches)
    }
    if let family = reader.icmpFamily {
      guard let type = ICMPTypeNames.type(named: name.text, family) else {
        reportUnknown(name, .icmpType, ICMPTypeNames.names(family))
        return reader.fail()
      }
      reader.builder.add(family, type)
      reader.isNarrowed = true
      return
    }
    let words = TransportProtocol.named.map(\.name)
    reportUnknown(name, .service, Array(symbols.services.keys) + words)
    reader.fail()
  }

  mutating func use(service index: Int, at span: SourceSpan) {
    if draft.services[index].firstUse == nil { draft.services[index].firstUse = span }
  }

  /// Reads a port or range; says what is wrong.
  mutating func readPort(_ port: PortSyntax) -> PortRange? {
    do throws(PortProblem) {
      return try PortRange(port)
    } catch {
      log.add(.invalidPort(files.text(port.span), error, at: port.span))
      return nil
    }
  }
}

/// Where the reading of a MATCH stands.
private struct MatchReader {
  let inService: Bool
  var builder = MatchBuilder()
  /// The protocol that ports and types belong to.
  var transport: TransportProtocol?
  /// Whether a port or type has narrowed that protocol.
  var isNarrowed = false
  var isDamaged = false

  init(inService: Bool) { self.inService = inService }

  /// The family whose ICMP types may come next.
  var icmpFamily: AddressFamily? {
    switch transport {
    case .icmp?: .ipv4
    case .icmpv6?: .ipv6
    case .some, nil: nil
    }
  }

  /// Ends the items of one protocol: without ports or types, all of it is meant.
  mutating func finishTransport() {
    if let transport, !isNarrowed { builder.add(transport) }
    transport = nil
    isNarrowed = false
  }

  mutating func fail() {
    isDamaged = true
    isNarrowed = true
  }
}
