import Diagnostics
import NetworkTypes

/// Set questions about peers: what lies in what.
struct PeerGeometry {
  let networks: [Network]
  /// All addresses of declared networks.
  let internalAddresses: AddressSet

  init(_ networks: [Network]) {
    self.networks = networks
    // Lazily, the runtime would have to make five types for it first: as long as a short run's checks.
    var ranges: [AddressRange] = []
    for network in networks {
      for subnet in network.subnets { ranges.append(AddressRange(subnet.value)) }
    }
    internalAddresses = AddressSet(ranges)
  }

  /// The families in which a peer can send or receive.
  func families(of peer: Peer) -> FamilySet {
    switch peer {
    case .network(let index):
      var result: FamilySet = []
      for subnet in networks[index].subnets { result.insert(FamilySet(subnet.value.family)) }
      return result
    case .guest(let network, let guest): return FamilySet(networks[network].guests[guest])
    case .addresses(let set): return FamilySet(set)
    case .host, .world, .any: return .both
    }
  }

  func families(of peers: [Peer]) -> FamilySet {
    peers.reduce(into: []) { $0.formUnion(families(of: $1)) }
  }

  /// The addresses of a peer that has its own; `nil` for host, world and any.
  func addresses(of peer: Peer) -> AddressSet? {
    switch peer {
    case .network(let index):
      AddressSet(networks[index].subnets.map { AddressRange($0.value) })
    case .guest(let network, let guest):
      AddressSet(networks[network].guests[guest].addresses.map { AddressRange($0.value) })
    case .addresses(let set): set
    case .host, .world, .any: nil
    }
  }

  /// Whether some of `part` lies in `whole`, so that an exception of `part` cuts something.
  func overlaps(_ whole: Peer, _ part: Peer) -> Bool {
    switch (whole, part) {
    case (.any, _), (_, .any): return true
    case (.host, .host), (.world, .world): return true
    case (.host, .world), (.world, .host), (.world, .network), (.world, .guest),
      (.network, .world), (.guest, .world), (.host, .network), (.host, .guest),
      (.network, .host), (.guest, .host):
      return false
    // The host's own addresses are not known here.
    case (.host, .addresses), (.addresses, .host): return true
    case (.world, .addresses(let set)), (.addresses(let set), .world):
      return !set.isSubset(of: internalAddresses)
    case (.network(let left), .network(let right)): return left == right
    case (.network(let left), .guest(let right, _)), (.guest(let right, _), .network(let left)):
      return left == right
    case (.guest(let leftNetwork, let left), .guest(let rightNetwork, let right)):
      return leftNetwork == rightNetwork && left == right
    case (.addresses(let set), .network), (.addresses(let set), .guest):
      return set.overlaps(addresses(of: part) ?? AddressSet())
    case (.network, .addresses(let set)), (.guest, .addresses(let set)):
      return set.overlaps(addresses(of: whole) ?? AddressSet())
    case (.addresses(let left), .addresses(let right)): return left.overlaps(right)
    }
  }

  /// Whether `peers` hold all of `part` between them, as far as is known by name and address.
  func covers(_ peers: [Peer], _ part: Peer) -> Bool {
    if peers.contains(.any) || peers.contains(part) { return true }
    let held = AddressSet(peers.flatMap { addresses(of: $0)?.ranges ?? [] })
    switch part {
    case .any, .world, .host: return false
    case .network: break
    case .guest(let network, _): if peers.contains(.network(network)) { return true }
    case .addresses(let set):
      if !set.isEmpty, peers.contains(.world) {
        return set.intersection(internalAddresses).isSubset(of: held)
      }
    }
    let own = addresses(of: part) ?? AddressSet()
    return !own.isEmpty && own.isSubset(of: held)
  }

  /// What is in both peers; `nil` if nothing is.
  func intersection(_ left: Peer, _ right: Peer) -> Peer? {
    switch (left, right) {
    case (.any, _): return right
    case (_, .any): return left
    case (.host, .host), (.world, .world), (.host, .addresses): return right
    case (.addresses, .host): return left
    case (.host, _), (_, .host): return nil
    case (.world, .addresses(let set)), (.addresses(let set), .world):
      return nonEmpty(set.subtracting(internalAddresses))
    case (.world, _), (_, .world): return nil
    case (.network(let outer), .guest(let inner, _)): return outer == inner ? right : nil
    case (.guest(let inner, _), .network(let outer)): return outer == inner ? left : nil
    case (.network, .network), (.guest, .guest): return left == right ? left : nil
    case (.addresses(let set), _): return part(of: right, in: set)
    case (_, .addresses(let set)): return part(of: left, in: set)
    }
  }

  /// The peer itself where all of it is in `set`, else the addresses that are.
  private func part(of peer: Peer, in set: AddressSet) -> Peer? {
    let own = addresses(of: peer) ?? AddressSet()
    if !own.isEmpty, own.isSubset(of: set) { return peer }
    return nonEmpty(own.intersection(set))
  }

  private func nonEmpty(_ set: AddressSet) -> Peer? { set.isEmpty ? nil : .addresses(set) }
}
