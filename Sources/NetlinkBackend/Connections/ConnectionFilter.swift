package import NetworkTypes

/// Tells connections by where their first packet was sent to, and by who answers.
package struct ConnectionFilter: Hashable, Sendable {
  package let family: AddressFamily
  package let transport: TransportProtocol
  /// The address that was dialled; `nil` for any.
  package let destination: IPAddress?
  /// The ports that were dialled.
  package let ports: PortRange
  /// The address that answers: where a rewritten connection really goes; `nil` for any.
  package let responder: IPAddress?

  package init(
    family: AddressFamily, _ transport: TransportProtocol, destination: IPAddress? = nil,
    ports: PortRange, responder: IPAddress? = nil
  ) {
    self.family = family
    self.transport = transport
    self.destination = destination
    self.ports = ports
    self.responder = responder
  }
}

/// What a filter looks at in a connection.
struct Connection: Hashable {
  let family: AddressFamily
  let transport: TransportProtocol
  let destination: IPAddress
  let port: UInt16
  let responder: IPAddress
}

/// Many filters, asked at once.
struct ConnectionIndex {
  /// The filters of one port, by protocol and port.
  private var byPort: [UInt32: [ConnectionFilter]] = [:]
  private var ofRanges: [ConnectionFilter] = []

  init(_ filters: [ConnectionFilter]) {
    for filter in filters {
      if filter.ports.count == 1 {
        byPort[Self.key(filter.transport, filter.ports.lower), default: []].append(filter)
      } else {
        ofRanges.append(filter)
      }
    }
  }

  func matches(_ connection: Connection) -> Bool {
    let exact = byPort[Self.key(connection.transport, connection.port)] ?? []
    return exact.contains { $0.matches(connection) }
      || ofRanges.contains { $0.matches(connection) }
  }

  private static func key(_ transport: TransportProtocol, _ port: UInt16) -> UInt32 {
    UInt32(transport.number) << 16 | UInt32(port)
  }
}

extension ConnectionFilter {
  fileprivate func matches(_ connection: Connection) -> Bool {
    family == connection.family && transport == connection.transport
      && ports.contains(connection.port)
      && (destination == nil || destination == connection.destination)
      && (responder == nil || responder == connection.responder)
  }
}
