import Diagnostics
import NetworkTypes
import PolicyModel

/// Finds those whom the sides of a flow stand for: everybody whom lines tell apart, once.
struct EndFinder {
  let model: HostModel
  let family: AddressFamily
  /// The sets of addresses that lines tell apart, in this family.
  private let sets: [[ClosedRange<UInt128>]]

  /// So many members of one network are tried each by itself; of more, those that lines tell apart.
  private static let memberLimit = 32
  /// The most ends of one peer.
  static let limit = 256

  init(_ model: HostModel, _ family: AddressFamily) {
    self.model = model
    self.family = family
    sets = model.mentions.addresses.map { $0.ranges(of: family).map(\.bits) }
      .filter { !$0.isEmpty }
  }

  private var policy: Policy { model.policy }

  /// The ends of a side, the host aside: whose address is used depends on who is at the other end.
  func ends(of peers: [Peer], except exceptions: [Peer]) -> [FlowEnd] {
    var seen: Set<FlowEnd> = []
    return peers.flatMap(ends).filter { end in
      !exceptions.contains { covers($0, end) } && seen.insert(end).inserted
    }
  }

  private func ends(of peer: Peer) -> [FlowEnd] {
    let found: [FlowEnd] =
      switch peer {
      case .host: []
      case .network(let index): members(of: index)
      case .guest(let network, let guest):
        policy.networks[network].guests[guest].addresses(of: family).map {
          member(guest, of: network, $0)
        }
      case .addresses(let set): named(set)
      case .world: world
      case .any: world + policy.networks.indices.flatMap(members)
      }
    return Array(found.prefix(Self.limit))
  }

  /// Whether `peer` holds the end.
  func covers(_ peer: Peer, _ end: FlowEnd) -> Bool {
    switch peer {
    case .any: return true
    case .host: return end.place == .host
    case .addresses(let set): return set.contains(end.address)
    case .guest(let network, let guest):
      return policy.networks[network].guests[guest].addresses.contains { $0.value == end.address }
    case .world:
      if case .way = end.place { return true }
      return false
    case .network(let index):
      if end.place == .network(index) { return true }
      guard case .way = end.place, policy.networks[index].isHostBridge else { return false }
      return policy.networks[index].subnets.contains { $0.value.contains(end.address) }
    }
  }

  // MARK: Networks

  private func member(_ guest: Int, of network: Int, _ address: IPAddress) -> FlowEnd {
    let own = policy.networks[network]
    return FlowEnd(
      address: address, place: .network(network),
      name: "\(own.name.value).\(own.guests[guest].name.value)",
      hardwareAddress: own.guests[guest].mac?.value)
  }

  private func members(of index: Int) -> [FlowEnd] {
    let network = policy.networks[index]
    let known = network.guests.indices.filter {
      !network.guests[$0].addresses(of: family).isEmpty
    }
    let tried = known.count <= Self.memberLimit ? known : told(apart: known, in: index)
    let guests = tried.flatMap { guest in
      network.guests[guest].addresses(of: family).map { member(guest, of: index, $0) }
    }
    return guests + strangers(in: index)
  }

  /// Those of the containers that lines name, and one of each kind of the others.
  private func told(apart guests: [Int], in index: Int) -> [Int] {
    var kinds: Set<[Bool]> = []
    let named = model.mentions.guests[index]
    return guests.filter { guest in
      if named.contains(guest) { return true }
      let address = policy.networks[index].guests[guest].addresses(of: family)[0].bits
      return kinds.insert(sets.map { set in set.contains { $0.contains(address) } }).inserted
    }
  }

  /// Those in a network's prefixes whom the policy does not name; of a network that lets nobody
  /// forge addresses, those of its pools.
  private func strangers(in index: Int) -> [FlowEnd] {
    let network = policy.networks[index]
    guard network.attachment.isSeenByHost else { return [] }
    var known = network.guests.flatMap { $0.addresses(of: family) } + network.gateways(of: family)
    for subnet in network.subnets(of: family) where family.width - subnet.length > 1 {
      known += [subnet.address, subnet.last]
    }
    let pools = network.pools.map(\.value).filter { $0.family == family }
    let all = network.subnets(of: family).map { AddressRange($0) }
    let isBound = network.antispoof.value && !network.isHostBridge
    let free = AddressSet(isBound ? pools : all)
      .subtracting(AddressSet(known.map { AddressRange($0) }))
    let place = model.way(onto: index).map { FlowEnd.Place.way($0) } ?? .network(index)
    return classes(of: free.ranges, by: [pools.map(\.bits)]).map {
      FlowEnd(address: $0, place: place, name: "\(network.name.value) (no container of it)")
    }
  }

  // MARK: Addresses

  /// One address of each class.
  private func classes(
    of ranges: [AddressRange], by more: [[ClosedRange<UInt128>]] = []
  ) -> [IPAddress] {
    ValueClasses(of: ranges.map(\.bits), by: sets + more).classes.compactMap { found in
      AddressChooser.stranger(
        from: found.ranges.map {
          AddressRange(family: family, lowerBits: $0.lowerBound, upperBits: $0.upperBound)
        })
    }
  }

  private var world: [FlowEnd] {
    var taken = AddressChooser.special.ranges
    for network in policy.networks where network.attachment.isSeenByHost {
      taken += network.subnets.map { AddressRange($0.value) }
    }
    taken += model.ownAddresses.map { AddressRange($0) }
    taken += model.wayAddresses.compactMap { $0[family] }.map { AddressRange($0) }
    let free = AddressSet([.all(family)]).subtracting(AddressSet(taken))
    let outside = classes(of: free.ranges).flatMap { address in
      model.ways.indices.prefix(model.openWays).map { way in end(address, .way(way)) }
    }
    let onLAN = policy.networks.indices.flatMap { index in
      policy.networks[index].isHostBridge ? strangers(in: index) : []
    }
    return outside + onLAN
  }

  private func end(_ address: IPAddress, _ place: FlowEnd.Place) -> FlowEnd {
    FlowEnd(address: address, place: place, name: model.name(of: address, at: place))
  }

  /// The ends that a set of addresses stands for.
  private func named(_ set: AddressSet) -> [FlowEnd] {
    let ranges = set.ranges(of: family)
    let single = ranges.count == 1 && ranges[0].lowerBits == ranges[0].upperBits
    let addresses = single ? [ranges[0].first] : classes(of: ranges, by: borders(set))
    return addresses.flatMap { address -> [FlowEnd] in
      let place = model.place(of: address)
      var end = end(address, place)
      end.isNamed = true
      if case .network(let network) = place, let guest = model.guest(at: address, in: network) {
        end.hardwareAddress = policy.networks[network].guests[guest].mac?.value
      }
      guard place == .way(0), model.live == nil else { return [end] }
      return model.ways.indices.map { way in
        FlowEnd(address: address, place: .way(way), name: end.name, isNamed: true)
      }
    }
  }

  /// What tells addresses apart by where they are: networks, their members, the host's addresses.
  private func borders(_ set: AddressSet) -> [[ClosedRange<UInt128>]] {
    var result: [[ClosedRange<UInt128>]] = []
    for network in policy.networks {
      let own = network.subnets(of: family).map { AddressRange($0) }.filter(set.overlaps)
      if own.isEmpty { continue }
      result.append(own.map(\.bits))
      let members = network.guests.flatMap { $0.addresses(of: family) }
      for address in (members + network.gateways(of: family)).prefix(Self.limit) {
        result.append([address.bits...address.bits])
      }
    }
    for address in model.ownAddresses.sorted() where address.family == family {
      if set.contains(address) { result.append([address.bits...address.bits]) }
    }
    return result
  }
}
