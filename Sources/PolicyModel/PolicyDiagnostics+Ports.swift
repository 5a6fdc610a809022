import Diagnostics
import NetworkTypes
import Syntax

extension Diagnostic {
  static func invalidPort(_ port: PortSyntax, _ problem: PortProblem) -> Diagnostic {
    let sentence =
      switch problem {
      case .zero: "ports start at 1"
      case .tooLarge: "ports end at 65535"
      case .reversed: "the range ends before it starts"
      case .malformed: "a port is a number or two around `-`"
      }
    return Diagnostic(.portRange, "`\(port.text)`: \(sentence)", at: port.span)
  }

  static func portCount(
    _ node: PublishStatement, _ target: PortSyntax, outside: Int, inside: Int
  ) -> Diagnostic {
    let noun = outside == 1 ? "port" : "ports"
    return Diagnostic(
      .portCount,
      "\(outside) \(noun) of the host cannot map onto \(inside) of `\(node.target.text)`",
      at: target.span,
      notes: node.hostPorts.first.map { [Note("the host's ports are here", at: $0.span)] } ?? [])
  }

  static func portOnPortless(_ port: PortSyntax, _ transport: TransportProtocol) -> Diagnostic {
    Diagnostic(.portProtocol, "`\(transport)` has no ports", at: port.span)
  }

  static func portWithoutProtocol(_ port: PortSyntax) -> Diagnostic {
    Diagnostic(
      .portProtocol, "port `\(port.text)` follows no protocol; say `tcp \(port.text)` or the like",
      at: port.span)
  }

  static func protocolNumber(_ number: Sourced<String>) -> Diagnostic {
    Diagnostic(
      .portProtocol, "`\(number.value)` is no protocol number; they are 0 to 255", at: number.span)
  }

  static func publishProtocol(_ name: Identifier) -> Diagnostic {
    Diagnostic(
      .portProtocol, "`\(name.text)` cannot be published; tcp, udp and sctp can", at: name.span)
  }

  static func publishProtocolTwice(_ name: Identifier) -> Diagnostic {
    Diagnostic(.portProtocol, "`\(name.text)` stands twice", at: name.span)
  }

  static func unknownProtocol(_ name: Identifier) -> Diagnostic {
    Diagnostic(.portProtocol, "`\(name.text)` is no protocol", at: name.span)
  }
}
