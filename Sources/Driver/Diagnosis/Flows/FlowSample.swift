package import Diagnostics
package import Netfilter
package import NetworkTypes

/// A packet that the policy allows: the first of a connection.
package struct FlowSample: Hashable, Sendable {
  /// Where it is judged: `forward`, `input` or `output`; in a ``stages`` element, where it is.
  package var hook: Hook
  /// `nil` where nobody knows, and for what the host sends.
  package let input: InterfaceName?
  /// `nil` where nobody knows, and for what the host receives.
  package var output: InterfaceName?
  package let source: IPAddress
  package var destination: IPAddress
  package let transport: TransportProtocol
  /// `nil` for protocols without ports.
  package var port: UInt16?
  /// Whether the destination was rewritten, as published ports are.
  package var isTranslated: Bool
  /// What of the policy allows it: `publish tcp 80 -> web`.
  package let reason: String
  package let span: SourceSpan?
  /// What the client dialed; `nil` where that is the destination, or is not known.
  var dialed: Dialed?
  /// What the policy does to the source; `nil` where that is not clear.
  var sourceFate: SourceFate?
  /// Whether the host takes the packet for its own, as far as it has got.
  var isToHost: Bool

  init(
    hook: Hook, input: InterfaceName?, output: InterfaceName?, source: IPAddress,
    destination: IPAddress, transport: TransportProtocol, port: UInt16?, isTranslated: Bool,
    reason: String, span: SourceSpan?, dialed: Dialed? = nil, sourceFate: SourceFate? = nil
  ) {
    self.hook = hook
    self.input = input
    self.output = output
    self.source = source
    self.destination = destination
    self.transport = transport
    self.port = port
    self.isTranslated = isTranslated
    self.reason = reason
    self.span = span
    self.dialed = dialed
    self.sourceFate = sourceFate
    isToHost = hook == .input
  }

  /// One end of a connection as its client sees it.
  struct Dialed: Hashable, Sendable {
    let address: IPAddress
    let port: UInt16
  }

  /// What becomes of the source of a packet that leaves.
  enum SourceFate: Hashable, Sendable {
    case kept
    /// The address of the interface that it leaves by.
    case masqueraded
    case rewritten(AddressRange)
  }

  /// One of the ports that clients use (RFC 6335).
  static let clientPort: UInt16 = 50_000

  package var family: AddressFamily { destination.family }

  /// The packet at each hook that it comes by, in order.
  var stages: [FlowSample] {
    switch hook {
    case .forward: [before].compactMap { $0 } + [self, at(.postrouting)]
    case .input: [before].compactMap { $0 } + [self]
    case .output: [self, at(.postrouting)]
    case .prerouting, .postrouting: [self]
    }
  }

  /// What comes in; `nil` where it is not known what was dialed.
  private var before: FlowSample? {
    if isTranslated, dialed == nil { return nil }
    var result = at(.prerouting)
    result.output = nil
    if let dialed {
      result.destination = dialed.address
      result.port = dialed.port
      result.isTranslated = false
      result.isToHost = true
    }
    return result
  }

  private func at(_ hook: Hook) -> FlowSample {
    var result = self
    result.hook = hook
    return result
  }
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
