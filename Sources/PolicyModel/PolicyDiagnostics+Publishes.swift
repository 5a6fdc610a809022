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

  static func noAutomaticPort(at span: SourceSpan) -> Diagnostic {
    Diagnostic(.portRange, "no port is left for `auto`: all 16383 are taken", at: span)
  }

  static func publishFamily(_ node: PublishStatement, _ wanted: FamilySet) -> Diagnostic {
    let family = wanted.families.count == 1 ? "\(wanted.families[0].name) " : ""
    return Diagnostic(
      .publishUnreachable, "`\(node.target.text)` has no \(family)address", at: node.target.span,
      notes: node.hostAddress.map { [Note("the host address is here", at: $0.span)] } ?? [])
  }
}
