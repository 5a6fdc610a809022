package import NetworkTypes

/// Names for the addresses of one family.
struct SiteNames {
  private struct Named {
    let interval: Interval
    let name: String
  }

  let zones: AddressZones
  private let networks: [(name: String, members: [Interval], guests: [Named])]
  private let lists: [(name: String, values: [Interval])]
  /// The networks by their addresses, ascending.
  private let owners: [(interval: Interval, network: Int)]
  private let byInterface: [InterfaceName: Int]
  /// The networks that have addresses of the family.
  let here: [Int]

  init(_ site: Site, _ zones: AddressZones, lists: [NamedAddresses]) {
    self.zones = zones
    networks = zip(site.networks, zones.members).map { network, members in
      let guests = network.guests.flatMap { guest in
        guest.addresses.filter { $0.family == zones.family }.map {
          Named(interval: Interval($0.bits), name: "\(network.name).\(guest.name)")
        }
      }
      return (network.name, members, guests.sorted { $0.interval.lower < $1.interval.lower })
    }
    owners = zones.members.enumerated().flatMap { index, members in
      members.map { ($0, index) }
    }.sorted { $0.interval.lower < $1.interval.lower }
    here = zones.members.indices.filter { !zones.members[$0].isEmpty }
    byInterface = Dictionary(
      site.networks.enumerated().map { ($1.interface, $0) }, uniquingKeysWith: { first, _ in first }
    )
    self.lists = lists.map {
      ($0.name, AddressZones.intervals($0.addresses.ranges, zones.family))
    }
  }

  /// The name of the guest that has the address, or the address.
  func guest(_ address: IPAddress) -> String {
    let likely = networks(of: [Interval(address.bits)])
    for network in likely.lazy.map({ networks[$0] }) {
      if let index = Self.index(network.guests, address.bits) { return network.guests[index].name }
    }
    for network in networks {
      if let index = Self.index(network.guests, address.bits) { return network.guests[index].name }
    }
    return address.description
  }

  /// Words for members of networks.
  func members(_ values: [Interval]) -> [String] {
    words(
      networks(of: values).map { index in
        let words = members(values, of: index)
        return words == [networks[index].name] ? .whole(index) : .words(words)
      })
  }

  /// Words for members of the network at `index`; empty where none is meant.
  func members(_ values: [Interval], of index: Int) -> [String] {
    let network = networks[index]
    let own = AddressZones.common(values, network.members)
    if own.isEmpty { return [] }
    if own == network.members { return [network.name] }
    let limit = AddressRange.all(zones.family).upperBits
    let others = AddressZones.common(network.members, own.complement(upTo: limit))
    let missing = names(others, network.guests)
    if missing.rest.isEmpty {
      return [excepting(network.name, missing.names)]
    }
    let present = names(own, network.guests)
    return present.names + addresses(present.rest)
  }

  /// The guests whose addresses are among `values`, and what is left of those.
  private func names(
    _ values: [Interval], _ guests: [Named]
  ) -> (names: [String], rest: [Interval]) {
    let present = guests.filter { guest in
      let index = values.index(reaching: guest.interval.upper)
      return index < values.count && values[index].lower <= guest.interval.lower
    }
    let limit = AddressRange.all(zones.family).upperBits
    let others = present.map(\.interval).united.complement(upTo: limit)
    var names: [String] = []
    var seen: Set<String> = []
    for guest in present where seen.insert(guest.name).inserted { names.append(guest.name) }
    return (names, AddressZones.common(values, others))
  }

  private static func index(_ guests: [Named], _ bits: UInt128) -> Int? {
    var (low, high) = (0, guests.count)
    while low < high {
      let middle = (low + high) / 2
      if guests[middle].interval.lower < bits { low = middle + 1 } else { high = middle }
    }
    return low < guests.count && guests[low].interval.lower == bits ? low : nil
  }

  /// Words for what is `whole` or a part of it: its name, a list's, or addresses.
  func part(_ values: [Interval], of whole: [Interval], named name: String) -> [String] {
    let own = AddressZones.common(values, whole)
    if own.isEmpty { return [] }
    if own == whole { return [name] }
    for list in lists where AddressZones.common(list.values, whole) == own { return [list.name] }
    let limit = AddressRange.all(zones.family).upperBits
    let others = AddressZones.common(whole, own.complement(upTo: limit))
    for list in lists where AddressZones.common(list.values, whole) == others {
      return [excepting(name, [list.name])]
    }
    let (shown, missing) = (ranges(own), ranges(others))
    if missing.count < shown.count { return [excepting(name, missing)] }
    return smallerThanList(own, shown) ?? shown
  }

  /// All of a list but a few.
  private func smallerThanList(_ own: [Interval], _ shown: [String]) -> [String]? {
    let limit = AddressRange.all(zones.family).upperBits
    let outside = own.complement(upTo: limit)
    for list in lists where AddressZones.common(own, list.values) == own {
      let missing = ranges(AddressZones.common(list.values, outside))
      if missing.count < shown.count { return [excepting(list.name, missing)] }
    }
    return nil
  }

  func excepting(_ name: String, _ others: [String]) -> String {
    "\(name) (except \(others.joined(separator: ", ")))"
  }

  /// Single numbers and ranges.
  func numbers(_ values: [Interval]) -> [String] {
    values.map { $0.lower == $0.upper ? "\($0.lower)" : "\($0.lower)-\($0.upper)" }
  }

  func addresses(_ values: [Interval]) -> [String] { ranges(values) }

  private func ranges(_ values: [Interval]) -> [String] {
    values.map {
      AddressRange(family: zones.family, lowerBits: $0.lower, upperBits: $0.upper).description
    }
  }

  /// The index of the network behind an interface.
  func network(_ interface: InterfaceName) -> Int? { byInterface[interface] }

  func name(ofNetwork index: Int) -> String { networks[index].name }

  /// Whether the network at `index` has addresses of the family.
  func isHere(_ index: Int) -> Bool { !zones.members[index].isEmpty }

  /// The indexes of the networks that some of `values` lie in, ascending.
  ///
  /// - Complexity: O(values · log networks + networks found).
  func networks(of values: [Interval]) -> [Int] {
    var found: Set<Int> = []
    for value in values {
      var (low, high) = (0, owners.count)
      while low < high {
        let middle = (low + high) / 2
        if owners[middle].interval.upper < value.lower { low = middle + 1 } else { high = middle }
      }
      while low < owners.count, owners[low].interval.lower <= value.upper {
        found.insert(owners[low].network)
        low += 1
      }
    }
    return found.sorted()
  }
}

/// A list of the policy.
package struct NamedAddresses: Hashable, Sendable {
  package let name: String
  package let addresses: AddressSet

  package init(name: String, addresses: AddressSet) {
    self.name = name
    self.addresses = addresses
  }
}
