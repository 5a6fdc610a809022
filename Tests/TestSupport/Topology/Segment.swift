package import NetworkTypes

/// A link of the host that others hang on; which of them are networks is for a policy to say.
package struct Segment: Hashable, Sendable {
  /// What the host's interface is.
  package enum Form: Hashable, Sendable {
    /// A bridge with a port for each guest.
    case bridge
    /// A bridge, one port of which is the host's network card of this name.
    case bridgeWithCard(String)
    /// A plain interface to a switch outside the host: a LAN, or Open vSwitch.
    case card
    /// One end of a cable; the only guest has the other.
    case cable
  }

  package let name: String
  /// The host's interface.
  package let interface: String
  package let form: Form
  /// The host's own addresses in the segment.
  package let hostAddresses: [InterfaceAddress]
  /// Whether a policy declares it a network.
  package let isDeclared: Bool

  package init(
    _ name: String, interface: String, _ form: Form, _ hostAddresses: [InterfaceAddress],
    isDeclared: Bool = true
  ) {
    self.name = name
    self.interface = interface
    self.form = form
    self.hostAddresses = hostAddresses
    self.isDeclared = isDeclared
  }

  package var isBridge: Bool {
    switch form {
    case .bridge, .bridgeWithCard: true
    case .card, .cable: false
    }
  }

  /// Whether the guests hang on a switch that is not the host's.
  var isSwitched: Bool {
    switch form {
    case .card, .bridgeWithCard: true
    case .bridge, .cable: false
    }
  }

  /// The host's own address in the segment, the first of several.
  package func gateway(_ family: AddressFamily) -> IPAddress? {
    hostAddresses.first { $0.family == family }?.address
  }

  /// The host's own address where `neighbor` is.
  package func gateway(for neighbor: IPAddress) -> IPAddress? {
    hostAddresses.first { $0.prefix.contains(neighbor) }?.address ?? gateway(neighbor.family)
  }

  package func prefix(_ family: AddressFamily) -> AddressPrefix? {
    hostAddresses.first { $0.family == family }?.prefix
  }

  /// What the host's interface has for its hardware address.
  package var hardwareAddress: [UInt8] {
    if let address = hostAddresses.first?.address { return Station.hardwareAddress(for: address) }
    // Any address that no other interface has; names differ.
    let sum = interface.utf8.reduce(UInt32(0)) { $0 &* 31 &+ UInt32($1) }
    return Station.hardwareAddress(for: IPAddress(family: .ipv4, bits: UInt128(sum)))
  }
}
