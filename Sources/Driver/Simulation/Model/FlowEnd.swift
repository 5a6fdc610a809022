import NetworkTypes

/// One of those that a side of a flow stands for.
struct FlowEnd: Hashable, Sendable {
  /// Where somebody is.
  enum Place: Hashable, Sendable {
    /// The host itself.
    case host
    /// Behind the interface of a network, by the network's index.
    case network(Int)
    /// Beyond a way to the world, by its index in ``HostModel/ways``.
    case way(Int)
  }

  let address: IPAddress
  let place: Place
  /// What people call it: `front.web`, `host`, `world`, `office`.
  let name: String
  /// Whether the flow itself names the address, or a list that holds it.
  var isNamed = false
  /// The hardware address that the policy gives it.
  var hardwareAddress: MACAddress?
}

extension FlowEnd: CustomStringConvertible {
  /// `front.web 172.18.0.10`
  var description: String { name == "\(address)" ? name : "\(name) \(address)" }
}

/// What is sent: the first packet of a connection.
struct Probe: Hashable, Sendable {
  let transport: TransportProtocol
  /// The port that is dialed; `nil` for protocols without ports.
  var port: UInt16?
  /// An ICMP type, and its code; `nil` for an echo request.
  var type: ICMPMessage?

  /// An ICMP message that is no echo request.
  struct ICMPMessage: Hashable, Sendable {
    let type: UInt8
    let code: UInt8
  }
}

extension Probe: CustomStringConvertible {
  /// `tcp 80`, `icmp`, `icmpv6 type 135`
  var description: String {
    if let port { return "\(transport) \(port)" }
    return type.map { "\(transport) type \($0.type)" } ?? "\(transport)"
  }
}

/// One packet that is to be tried.
struct Trial: Hashable, Sendable {
  let source: FlowEnd
  let destination: FlowEnd
  let probe: Probe

  var family: AddressFamily { destination.address.family }
}
