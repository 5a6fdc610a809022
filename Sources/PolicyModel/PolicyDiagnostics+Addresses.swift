import Diagnostics
import NetworkTypes
import Syntax

extension Diagnostic {
  static func hostBits(_ syntax: AddressSyntax, _ range: AddressRange) -> Diagnostic {
    Diagnostic(
      .addressHostBits, "`\(syntax.text)` has host bits set; the block is `\(range)`",
      at: syntax.span,
      fixIts: [
        FixIt("write `\(range)`", edits: [TextEdit(syntax.span, replacement: range.prefixText)])
      ])
  }

  static func invalidAddress(_ syntax: AddressSyntax, _ problem: AddressProblem) -> Diagnostic {
    Diagnostic(.addressInvalid, "`\(syntax.text)`: \(problem.sentence)", at: syntax.span)
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

  static func reversedPool(_ syntax: AddressSyntax) -> Diagnostic {
    Diagnostic(
      .addressPool, "the pool `\(syntax.text)` ends before it starts", at: syntax.span)
  }
}

extension AddressRange {
  /// The range with its length even where it is one address.
  fileprivate var prefixText: String { prefix.map(\.description) ?? description }
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
