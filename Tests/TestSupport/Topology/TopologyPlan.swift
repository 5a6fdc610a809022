package import NetworkTypes

/// The host with its links and everybody on them, before anything of it is made.
package struct TopologyPlan: Hashable, Sendable {
  package let host: Station
  /// Everybody but the host.
  package let others: [Station]
  package let segments: [Segment]
  /// Names of further addresses of stations.
  package let aliases: [Alias]
  /// Whether the host takes IPv4 packets only from where it would send the answers.
  package let checksReversePaths: Bool

  /// A further address of a station, in each family at most one.
  package struct Alias: Hashable, Sendable {
    package let name: String
    package let owner: String
    package let addresses: [IPAddress]

    package init(_ name: String, of owner: String, _ addresses: [IPAddress]) {
      self.name = name
      self.owner = owner
      self.addresses = addresses
    }
  }

  /// - Requires: one of `stations` is the host.
  package init(
    _ segments: [Segment], _ stations: [Station], aliases: [Alias] = [],
    checksReversePaths: Bool = false
  ) {
    guard let host = stations.first(where: \.isHost) else {
      preconditionFailure("a topology has a host")
    }
    self.host = host
    others = stations.filter { !$0.isHost }
    self.segments = segments
    self.aliases = aliases
    self.checksReversePaths = checksReversePaths
  }

  /// Everybody, the host first.
  package var stations: [Station] { [host] + others }

  /// The way to the world.
  package var uplink: Segment { host.segment }

  package func station(named name: String) -> Station? { stations.first { $0.name == name } }

  package func segment(named name: String) -> Segment? { segments.first { $0.name == name } }

  /// Whether `address` is one of the host's.
  package func isHosts(_ address: IPAddress) -> Bool {
    address.isLoopback || hostAddresses.contains(address)
  }

  /// The host's addresses in all segments, and its further ones.
  private var hostAddresses: [IPAddress] {
    segments.flatMap { $0.hostAddresses.map(\.address) } + host.extraAddresses
  }

  /// Every address that `station` answers at.
  func localAddresses(of station: Station) -> [IPAddress] {
    let own = station.isHost ? hostAddresses : station.addresses.map(\.address)
    return own + (station.isHost ? [] : station.extraAddresses)
      + station.legs.flatMap(\.addresses).map(\.address)
      + AddressPair(("127.0.0.1", "::1")).both
  }
}
