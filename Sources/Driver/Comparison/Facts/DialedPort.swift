import Netfilter
import NetworkTypes

/// The key that admission maps and publish maps share.
struct DialedPort: Hashable {
  let transport: TransportProtocol
  let family: AddressFamily
  let address: IPAddress?
  let ports: PortRange
}

/// The parts of a key or of a rule's conditions that tell a published port.
struct DialedKey {
  private(set) var address: IPAddress?
  private(set) var transport: TransportProtocol?
  private(set) var ports: PortRange?

  init(_ key: ElementKey) {
    for value in key {
      switch value {
      case .address(let address): self.address = address
      case .transport(let transport): self.transport = transport
      case .ports(let ports): self.ports = ports
      case .interface: continue
      }
    }
  }

  init?(rule: Rule) {
    for match in rule.matches {
      if case .destination(let match) = match, case .range(let range) = match.operand {
        address = range.first
      }
      if case .transport(let transport) = match { self.transport = transport }
      if case .destinationPort(let ports) = match { self.ports = ports.first }
    }
    if ports == nil { return nil }
  }
}
