import Netfilter
import NetworkTypes

/// One component of a key, and where in a packet it is found.
enum KeyComponent: Hashable {
  case interface(MetaKey)
  case address(AddressFamily, isSource: Bool)
  case transport
  /// A port of the protocol, or of whatever the packet is.
  case port(TransportProtocol?, isSource: Bool)

  init(_ field: KeyField, ports transport: TransportProtocol?) {
    switch field {
    case .inputInterface: self = .interface(.inputName)
    case .outputInterface: self = .interface(.outputName)
    case .sourceAddress(let family): self = .address(family, isSource: true)
    case .destinationAddress(let family): self = .address(family, isSource: false)
    case .transport: self = .transport
    case .destinationPort: self = .port(transport, isSource: false)
    }
  }

  var type: ValueType {
    switch self {
    case .interface: .interface
    case .address(let family, _): ValueType(family)
    case .transport: .transport
    case .port: .port
    }
  }

  func load(into register: Register) -> Expression {
    switch self {
    case .interface(let key): .meta(key, into: register)
    case .address(let family, let isSource):
      .payload(
        .network, offset: family.addressOffset(isSource: isSource),
        length: UInt32(family.byteCount), into: register)
    case .transport: .meta(.transport, into: register)
    case .port(_, let isSource):
      .payload(.transport, offset: isSource ? 0 : 2, length: 2, into: register)
    }
  }
}

extension AddressFamily {
  /// Where in the header of this family an address stands (RFC 791, RFC 8200).
  func addressOffset(isSource: Bool) -> UInt32 {
    switch self {
    case .ipv4: isSource ? 12 : 16
    case .ipv6: isSource ? 8 : 24
    }
  }
}

extension FlowKey {
  /// The key of a flow; `swapped` for packets that answer it.
  func components(swapped: Bool) -> [KeyComponent] {
    switch self {
    case .ports(let family, let transport):
      [
        .address(family, isSource: !swapped), .port(transport, isSource: !swapped),
        .address(family, isSource: swapped), .port(transport, isSource: swapped),
      ]
    case .echo(let family):
      [.address(family, isSource: !swapped), .address(family, isSource: swapped)]
    case .addresses(let family):
      [.address(family, isSource: !swapped), .transport, .address(family, isSource: swapped)]
    }
  }
}

extension RuleEncoder {
  /// Makes sure that packets have what the components read.
  mutating func need(_ components: [KeyComponent]) {
    for component in components {
      switch component {
      case .interface, .transport: continue
      case .address(let family, _): need(family)
      case .port(let transport, _): need(portsOf: transport)
      }
    }
  }

  /// Loads the components one after the other, from the first register on.
  func loads(_ components: [KeyComponent]) -> [Expression] {
    var slot = 0
    return components.map { component in
      defer { slot += component.type.paddedLength / 4 }
      return component.load(into: Register(slot: slot))
    }
  }
}
