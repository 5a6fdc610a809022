import Diagnostics
import NetworkTypes
import Syntax

extension Diagnostic {
  static func invalidPort(
    _ text: String, _ problem: PortProblem, at span: SourceSpan
  ) -> Diagnostic {
    let sentence =
      switch problem {
      case .zero: "ports start at 1"
      case .tooLarge: "ports end at 65535"
      case .reversed: "the range ends before it starts"
      }
    return Diagnostic(.portRange, "`\(text)`: \(sentence)", at: span)
  }

  static func portCount(
    _ node: PublishStatement, _ target: PortSyntax, outside: Int, inside: Int
  ) -> Diagnostic {
    let noun = outside == 1 ? "port" : "ports"
    return Diagnostic(
      .portCount,
      "\(outside) \(noun) of the host cannot map onto \(inside) of `\(node.target.text)`",
      at: target.span,
      notes: [Note("the host's ports are here", at: node.hostPort.span)])
  }

  static func portOnPortless(_ port: PortSyntax, _ transport: TransportProtocol) -> Diagnostic {
    Diagnostic(.portProtocol, "`\(transport)` has no ports", at: port.span)
  }

  static func portWithoutProtocol(_ text: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .portProtocol, "port `\(text)` follows no protocol; say `tcp \(text)` or the like", at: span)
  }

  static func protocolNumber(_ number: Sourced<String>) -> Diagnostic {
    Diagnostic(
      .portProtocol, "`\(number.value)` is no protocol number; they are 0 to 255", at: number.span)
  }

  static func publishProtocol(_ word: TransportWord) -> Diagnostic {
    Diagnostic(
      .portProtocol, "`\(word.text)` cannot be published; tcp, udp and sctp can",
      at: word.span)
  }

  static func publishProtocolTwice(_ word: TransportWord) -> Diagnostic {
    Diagnostic(.portProtocol, "`\(word.text)` stands twice", at: word.span)
  }

  static func unknownProtocol(_ name: Identifier) -> Diagnostic {
    Diagnostic(.portProtocol, "`\(name.text)` is no protocol", at: name.span)
  }
}
