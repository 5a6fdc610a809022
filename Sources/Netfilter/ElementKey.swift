package import NetworkTypes

/// The key of a map's element: a value for each of the map's fields.
///
/// A map may have a hundred thousand elements, so the keys of published ports need no memory of
/// their own.
package struct ElementKey: Hashable, Sendable {
  private enum Storage: Hashable, Sendable {
    case ports(TransportProtocol, PortRange)
    case addressedPorts(IPAddress, TransportProtocol, PortRange)
    /// None of the above.
    case other([KeyValue])
  }

  private let storage: Storage

  /// The key of `values`, in the order of the map's fields.
  package init(_ values: [KeyValue]) {
    if values.count == 2, case .transport(let transport) = values[0],
      case .ports(let ports) = values[1]
    {
      storage = .ports(transport, ports)
    } else if values.count == 3, case .address(let address) = values[0],
      case .transport(let transport) = values[1], case .ports(let ports) = values[2]
    {
      storage = .addressedPorts(address, transport, ports)
    } else {
      storage = .other(values)
    }
  }

  /// The key of ports of a protocol.
  package init(_ transport: TransportProtocol, _ ports: PortRange) {
    storage = .ports(transport, ports)
  }

  /// The key of ports of a protocol on one address.
  package init(_ address: IPAddress, _ transport: TransportProtocol, _ ports: PortRange) {
    storage = .addressedPorts(address, transport, ports)
  }

  /// What a key of published ports is made of, its address where it has one; `nil` for other keys.
  package var published: (address: IPAddress?, transport: TransportProtocol, ports: PortRange)? {
    switch storage {
    case .ports(let transport, let ports): (nil, transport, ports)
    case .addressedPorts(let address, let transport, let ports): (address, transport, ports)
    case .other: nil
    }
  }

  /// Whether it is made of a protocol and ports alone.
  package var isPlain: Bool {
    switch storage {
    case .ports: true
    case .addressedPorts, .other: false
    }
  }

  /// The protocol among the values, if there is one.
  package var transport: TransportProtocol? {
    switch storage {
    case .ports(let transport, _), .addressedPorts(_, let transport, _): return transport
    case .other(let values):
      for case .transport(let transport) in values { return transport }
      return nil
    }
  }

  /// The ports among the values, if there are any.
  package var ports: PortRange? {
    switch storage {
    case .ports(_, let ports), .addressedPorts(_, _, let ports): return ports
    case .other(let values):
      for case .ports(let ports) in values { return ports }
      return nil
    }
  }
}

extension ElementKey: RandomAccessCollection {
  /// The index of the first value.
  package var startIndex: Int { 0 }

  /// The number of values.
  package var endIndex: Int {
    switch storage {
    case .ports: 2
    case .addressedPorts: 3
    case .other(let values): values.count
    }
  }

  /// The value of the field at `index`.
  package subscript(index: Int) -> KeyValue {
    switch storage {
    case .ports(let transport, let ports):
      index == 0 ? .transport(transport) : .ports(ports)
    case .addressedPorts(let address, let transport, let ports):
      index == 0 ? .address(address) : index == 1 ? .transport(transport) : .ports(ports)
    case .other(let values): values[index]
    }
  }
}

extension ElementKey: ExpressibleByArrayLiteral {
  /// The key of the values listed.
  package init(arrayLiteral values: KeyValue...) { self.init(values) }
}
