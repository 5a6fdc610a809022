import Diagnostics
import NetworkTypes
import Syntax

extension Diagnostic {
  static func addressFamily(
    _ address: Sourced<IPAddress>, _ role: String, _ network: Sourced<String>
  ) -> Diagnostic {
    Diagnostic(
      .addressFamily,
      "\(role) `\(address.value)` is \(address.value.family.name); `\(network.value)` has no such subnet",
      at: address.span, notes: [Note("`\(network.value)` is declared here", at: network.span)])
  }

  static func addressInPool(_ address: Sourced<IPAddress>, pool: SourceSpan?) -> Diagnostic {
    Diagnostic(
      .addressPoolOverlap, "`\(address.value)` lies in the pool, and DHCP may give it to another",
      at: address.span, notes: [Note("the pool is here", at: pool)])
  }

  static func addressOutside(
    _ address: Sourced<IPAddress>, _ role: String, _ network: Network, other: Network?
  ) -> Diagnostic {
    let subnets = network.subnets(of: address.value.family).map(\.description)
    let place = "`\(network.name.value)` (\(subnets.joined(separator: ", ")))"
    let hint = other.map { "; it is in `\($0.name.value)`" } ?? ""
    let notes = other.map { [Note("`\($0.name.value)` is declared here", at: $0.name.span)] }
    return Diagnostic(
      .addressOutside, "\(role) `\(address.value)` is not in \(place)\(hint)", at: address.span,
      notes: notes ?? [])
  }

  static func documentationRange(_ text: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .addressDocumentation, "`\(text)` is set aside for documentation; put your own addresses in",
      at: span)
  }

  static func duplicateAddress(
    _ address: String, at span: SourceSpan, first: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .addressDuplicate, "`\(address)` is another container's already", at: span,
      notes: [Note("the other is here", at: first)])
  }

  static func gatewayAddress(
    _ address: Sourced<IPAddress>, _ network: Sourced<String>, written: NetworkFacts
  ) -> Diagnostic {
    let place = written.writtenGateways.first { $0.value == address.value }
    let note =
      place.map { Note("the gateway is here", at: $0.span) }
      ?? Note("without a `gateway` line the first address of a subnet is the host's")
    return Diagnostic(
      .addressSpecial, "`\(address.value)` is the gateway of `\(network.value)`, the host's own",
      at: address.span, notes: [note])
  }

  static func gatewayTwice(
    _ gateway: Sourced<IPAddress>, _ subnet: AddressPrefix, first: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .settingDuplicate, "`\(subnet)` has a gateway already", at: gateway.span,
      notes: [Note("the first is here", at: first)])
  }

  static func hostBits(_ syntax: AddressSyntax, _ range: AddressRange) -> Diagnostic {
    let block = range.prefix.map(\.description) ?? range.description
    return Diagnostic(
      .addressHostBits, "`\(syntax.text)` has host bits set; the block is `\(block)`",
      at: syntax.span,
      fixIts: [FixIt("write `\(block)`", edits: [TextEdit(syntax.span, replacement: block)])])
  }

  static func invalidAddress(_ syntax: AddressSyntax, _ problem: AddressProblem) -> Diagnostic {
    Diagnostic(.addressInvalid, "`\(syntax.text)`: \(problem.sentence)", at: syntax.span)
  }

  static func linkLocalAddress(_ address: Sourced<IPAddress>) -> Diagnostic {
    Diagnostic(
      .addressLinkLocal, "`\(address.value)` is link-local; nothing beyond its link can reach it",
      at: address.span)
  }

  static func notOneAddress(_ syntax: AddressSyntax, role: String) -> Diagnostic {
    Diagnostic(
      .addressInvalid, "`\(syntax.text)` is more than one address; \(role) is exactly one",
      at: syntax.span)
  }

  static func notPrefix(_ syntax: AddressSyntax) -> Diagnostic {
    Diagnostic(
      .addressInvalid, "`\(syntax.text)` is no prefix; write the network with its length",
      at: syntax.span)
  }

  static func poolHoldsGateway(
    _ pool: Sourced<AddressRange>, _ gateway: IPAddress
  ) -> Diagnostic {
    Diagnostic(
      .addressPoolOverlap, "the pool holds the gateway `\(gateway)`, and DHCP may give it away",
      at: pool.span)
  }

  static func poolOutside(_ pool: Sourced<AddressRange>, _ network: Network) -> Diagnostic {
    Diagnostic(
      .addressPool, "the pool `\(pool.value)` is in no one subnet of `\(network.name.value)`",
      at: pool.span, notes: network.subnets.map { Note("`\($0.value)` is here", at: $0.span) })
  }

  static func reservedRange(
    _ subnet: Sourced<AddressPrefix>, _ reserved: ReservedRange
  ) -> Diagnostic {
    Diagnostic(
      .addressReservedRange, reserved.severity,
      "`\(subnet.value)` overlaps `\(reserved.range)`, which \(reserved.use)", at: subnet.span)
  }

  static func reversedPool(_ syntax: AddressSyntax) -> Diagnostic {
    Diagnostic(
      .addressPool, "the pool `\(syntax.text)` ends before it starts", at: syntax.span)
  }

  static func specialAddress(_ address: Sourced<IPAddress>, _ role: String) -> Diagnostic {
    Diagnostic(
      .addressSpecial, "`\(address.value)` is \(role), and no container's", at: address.span)
  }
}

extension AddressProblem {
  var sentence: String {
    switch self {
    case .octetTooLarge: "an octet is at most 255"
    case .leadingZero: "an octet has no leading zero"
    case .octetCount: "an IPv4 address has four octets"
    case .malformedIPv6: "this is no IPv6 address"
    case .prefixLength(let maximum): "a prefix length here is 0 to \(maximum)"
    case .reversedRange: "the range ends before it starts"
    case .mixedFamilies: "a range stays in one family"
    case .malformedMAC: "a guest's MAC is six octets, neither all zero nor a group address"
    case .hardwareAddress: "an IP address is needed here, not a MAC"
    }
  }
}
