import Diagnostics
import NetworkTypes
import PolicyModel

/// One way in which a packet of one family can come from, or go to, a side of a flow.
struct Endpoint: Hashable {
  enum Zone: Hashable {
    /// The interface of the network.
    case network(Int)
    /// No network's own interface.
    case outside
    /// No network's interface, nor one that networks share with a LAN.
    case beyond
    /// Any interface.
    case anywhere
    /// The host itself, and nothing else.
    case host
  }

  var zone: Zone
  /// The addresses; `nil` for all.
  var ranges: [AddressRange]?
  /// Whether this is a part of the world.
  var isWorld = false
  /// Whether packets of the host itself may be meant where this is a source.
  var isHostAsSource = false
  /// Whether packets to the host itself may be meant where this is a destination.
  var isHostAsDestination = false
}

extension LoweringContext {
  /// The endpoints that `peers` stand for in `family`, guests and addresses of one zone together.
  func endpoints(_ peers: [Peer], _ family: AddressFamily) -> [Endpoint] {
    var result: [Endpoint] = []
    var grouped: [Endpoint.Zone: [AddressRange]] = [:]
    var zones: [Endpoint.Zone] = []
    func group(_ zone: Endpoint.Zone, _ range: AddressRange) {
      if grouped[zone] == nil { zones.append(zone) }
      grouped[zone, default: []].append(range)
    }
    for peer in peers {
      switch peer {
      case .network(let index):
        if let endpoint = networkEndpoint(index, family) { result.append(endpoint) }
      case .guest(let network, let guest):
        for address in self.network(network).guests[guest].addresses(of: family) {
          group(.network(network), AddressRange(address))
        }
      case .addresses(let set):
        for range in set.ranges(of: family) { group(zone(of: range), range) }
      case .host:
        result.append(
          Endpoint(zone: .host, isHostAsSource: true, isHostAsDestination: true))
      case .world:
        result += world[family] ?? []
      case .any:
        result.append(
          Endpoint(zone: .anywhere, isHostAsSource: true, isHostAsDestination: true))
      }
    }
    return result + zones.map { addressEndpoint($0, grouped[$0] ?? []) }
  }

  private func networkEndpoint(_ index: Int, _ family: AddressFamily) -> Endpoint? {
    let network = self.network(index)
    guard network.attachment.isSeenByHost else { return nil }
    guard network.isOnLAN else { return Endpoint(zone: .network(index)) }
    // The interface leads to the LAN's hosts too: only the subnet tells who is meant.
    let ranges = network.subnets(of: family).map { AddressRange($0) }
    return ranges.isEmpty ? nil : Endpoint(zone: .network(index), ranges: ranges)
  }

  private func zone(of range: AddressRange) -> Endpoint.Zone {
    switch subnets.location(of: range) {
    case .inside(let network): .network(network)
    case .outside: .outside
    case .across: .anywhere
    }
  }

  private func addressEndpoint(_ zone: Endpoint.Zone, _ ranges: [AddressRange]) -> Endpoint {
    let hasGateway = ranges.contains(where: subnets.isGateway)
    let isNetwork = if case .network = zone { true } else { false }
    return Endpoint(
      zone: zone, ranges: AddressSet(ranges).ranges, isHostAsSource: hasGateway,
      isHostAsDestination: hasGateway || !isNetwork)
  }
}

/// The world as endpoints: all that comes by no network's own interface, but for guests that share
/// an interface with a LAN, who are told from strangers there by their addresses.
func worldEndpoints(_ policy: Policy, seen: [Int]) -> [AddressFamily: [Endpoint]] {
  let shared = seen.filter { policy.networks[$0].isOnLAN }
  let hasGuests = shared.contains { !policy.networks[$0].guests.isEmpty }
  var result: [AddressFamily: [Endpoint]] = [:]
  for family in AddressFamily.allCases {
    guard hasGuests else {
      result[family] = [Endpoint(zone: .outside, isWorld: true)]
      continue
    }
    result[family] =
      [Endpoint(zone: .beyond, isWorld: true)]
      + shared.map { index in
        let guests = policy.networks[index].guestRanges(family)
        let strangers = AddressSet([AddressRange.all(family)]).subtracting(AddressSet(guests))
        return Endpoint(
          zone: .network(index), ranges: guests.isEmpty ? nil : strangers.ranges, isWorld: true)
      }
  }
  return result
}
