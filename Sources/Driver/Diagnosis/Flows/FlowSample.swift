package import Diagnostics
package import Netfilter
package import NetworkTypes

/// A packet that the policy allows: the first of a connection.
package struct FlowSample: Hashable, Sendable {
  /// `forward` or `input`.
  package let hook: Hook
  /// `nil` where nobody knows.
  package let input: InterfaceName?
  package let output: InterfaceName?
  package let source: IPAddress
  package let destination: IPAddress
  package let transport: TransportProtocol
  /// `nil` for protocols without ports.
  package let port: UInt16?
  /// Whether the destination was rewritten, as published ports are.
  package let isTranslated: Bool
  /// What of the policy allows it: `publish tcp 80 -> web`.
  package let reason: String
  package let span: SourceSpan?

  /// One of the ports that clients use (RFC 6335).
  static let clientPort: UInt16 = 50_000

  package var family: AddressFamily { destination.family }
}

extension FlowSample: CustomStringConvertible {
  /// `tcp 198.51.100.7 -> 172.18.0.11:80, in by eth0, out by br-front`
  package var description: String {
    let port = port.map { port in family == .ipv4 ? ":\(port)" : " port \(port)" } ?? ""
    var text = "\(transport) \(source) -> \(destination)\(port)"
    if let input { text += ", in by \(input)" }
    if let output { text += ", out by \(output)" }
    return text + (isTranslated ? ", after the port was mapped" : "")
  }
}
