package import NetworkTypes

/// What is known of the host that rules stand on: its networks and its own addresses.
///
/// Other interfaces lead to the world. The host may have further addresses, which nobody named.
package struct Site: Hashable, Sendable {
  /// The networks whose traffic the host sees.
  package var networks: [Network]
  /// The host's own addresses, gateways included, as far as they are known.
  package var ownAddresses: [IPAddress]
  /// Further interfaces that the policy names.
  package var interfaces: [InterfaceName]

  package init(
    networks: [Network] = [], ownAddresses: [IPAddress] = [], interfaces: [InterfaceName] = []
  ) {
    self.networks = networks
    self.ownAddresses = ownAddresses
    self.interfaces = interfaces
  }

  /// A network of containers or VMs.
  package struct Network: Hashable, Sendable {
    /// What becomes of traffic between its members.
    package enum Kind: Hashable, Sendable {
      /// Frames pass the host's bridge.
      case bridge
      /// The host does not see it.
      case link
    }

    package var name: String
    package var interface: InterfaceName
    package var kind: Kind
    /// Ports of the bridge that lead to a LAN.
    package var ports: [InterfaceName]
    package var subnets: [AddressRange]
    package var guests: [Guest]

    package init(
      name: String, interface: InterfaceName, kind: Kind, ports: [InterfaceName] = [],
      subnets: [AddressRange], guests: [Guest] = []
    ) {
      self.name = name
      self.interface = interface
      self.kind = kind
      self.ports = ports
      self.subnets = subnets
      self.guests = guests
    }

    /// Whether its bridge has strangers on it.
    package var isOnLAN: Bool { !ports.isEmpty }
  }

  /// A container or VM.
  package struct Guest: Hashable, Sendable {
    package var name: String
    package var addresses: [IPAddress]
    package var mac: MACAddress?

    package init(name: String, addresses: [IPAddress], mac: MACAddress? = nil) {
      self.name = name
      self.addresses = addresses
      self.mac = mac
    }
  }
}
