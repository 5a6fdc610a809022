package import NetworkTypes

/// Who can send and receive: the host itself, its guests, and machines outside.
package struct Station: Hashable, Sendable {
  /// How a station gets to its segment.
  package enum Access: Hashable, Sendable {
    /// The host, which has all segments.
    case host
    /// A port of the host's bridge, or the other end of a cable.
    case guest
    /// A guest with an interface of its own on the host's network card: ip-link(8), `macvlan` and
    /// `ipvlan`, and their modes.
    case macvlan(mode: String)
    case ipvlan(mode: String)
    /// A port of the switch beyond the host's interface.
    case outside
  }

  /// A further interface of a guest's, on a bridge.
  package struct Leg: Hashable, Sendable {
    package let segment: Segment
    package let addresses: [InterfaceAddress]

    package init(on segment: Segment, _ addresses: [InterfaceAddress]) {
      self.segment = segment
      self.addresses = addresses
    }

    /// Derived from the address.
    package var hardwareAddress: [UInt8] {
      addresses.first.map { Station.hardwareAddress(for: $0.address) } ?? segment.hardwareAddress
    }
  }

  package let name: String
  package let segment: Segment
  package let access: Access
  /// The station's own addresses, the first of each family for what it sends; the host's are those
  /// on the uplink.
  package let addresses: [InterfaceAddress]
  /// Further addresses that it answers at.
  package let extraAddresses: [IPAddress]
  /// Beside the interface on ``segment``, by which it sends what is not for their neighbors.
  package let legs: [Leg]
  package let hardwareAddress: [UInt8]
  /// Whether it sends what is for a guest's address to the host.
  package let routesToGuests: Bool
  /// The MTU of the host's way to it, in bytes; `nil` for the link's.
  package let pathMTU: Int?
  /// Whether it starts without addresses: it has to ask for the ones that it will have.
  package let asksForAddresses: Bool

  package init(
    _ name: String, on segment: Segment, _ access: Access, _ addresses: [InterfaceAddress],
    extraAddresses: [IPAddress] = [], legs: [Leg] = [], hardwareAddress: [UInt8]? = nil,
    routesToGuests: Bool = false, pathMTU: Int? = nil, asksForAddresses: Bool = false
  ) {
    self.name = name
    self.segment = segment
    self.access = access
    self.addresses = addresses
    self.extraAddresses = extraAddresses
    self.legs = legs
    self.hardwareAddress =
      hardwareAddress ?? addresses.first.map { Self.hardwareAddress(for: $0.address) }
      ?? segment.hardwareAddress
    self.routesToGuests = routesToGuests
    self.pathMTU = pathMTU
    self.asksForAddresses = asksForAddresses
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(name) }

  package var isHost: Bool { access == .host }

  /// The station's own address in `family`, the first of several.
  package func address(_ family: AddressFamily) -> IPAddress? {
    addresses.first { $0.family == family }?.address
  }

  /// The interface that it sends by.
  var interface: String { isHost ? segment.interface : "eth0" }

  /// `02:42:` and the last four octets of the address.
  static func hardwareAddress(for address: IPAddress) -> [UInt8] {
    [0x02, 0x42] + address.bytes.suffix(4)
  }
}
