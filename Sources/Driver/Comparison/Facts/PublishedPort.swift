package import NetworkTypes

/// What clients of a published port dial.
package struct PublishedPort: Hashable, Sendable {
  package let transport: TransportProtocol
  package let family: AddressFamily
  /// `nil` for every address of the host in `family`.
  package let address: IPAddress?
  package let ports: PortRange
  /// Whether the port is the container's own, which is opened and not mapped.
  package let isOpened: Bool
}

/// Where a published port leads.
package struct PublishTarget: Hashable, Sendable {
  package let address: IPAddress
  /// The first port; the others follow one for one.
  package let port: UInt16
}

extension PublishedPort: Comparable {
  /// By protocol, address and port; every address comes first.
  package static func < (left: Self, right: Self) -> Bool {
    if left.transport != right.transport { return left.transport < right.transport }
    if left.family != right.family { return left.family == .ipv4 }
    if left.address != right.address {
      guard let address = left.address else { return true }
      return right.address.map { address < $0 } ?? false
    }
    return left.ports < right.ports
  }
}

extension PublishedPort: CustomStringConvertible {
  /// `tcp 198.51.100.1:8080`
  package var description: String {
    let host = address.map { "\($0)" } ?? (family == .ipv4 ? "0.0.0.0" : "::")
    return "\(transport) \(family == .ipv4 ? host : "[\(host)]"):\(ports)"
  }
}
