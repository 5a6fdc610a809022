package import Netfilter
import NetworkTypes

/// A ruleset on the host that it is for.
package struct Installation: Sendable {
  package var ruleset: Ruleset
  package var site: Site
  /// Lists of the policy, by which senders are named.
  package var lists: [NamedAddresses]

  package init(ruleset: Ruleset, site: Site, lists: [NamedAddresses] = []) {
    self.ruleset = ruleset
    self.site = site
    self.lists = lists
  }
}

extension Site {
  /// Everything that either site knows; what both know is called as in this one.
  func union(_ other: Site) -> Site {
    var result = self
    for network in other.networks {
      guard let index = networks.firstIndex(where: { $0.interface == network.interface }) else {
        result.networks.append(network)
        continue
      }
      let known = Set(networks[index].guests.flatMap(\.addresses))
      result.networks[index].guests += network.guests.filter {
        known.isDisjoint(with: $0.addresses)
      }
      for subnet in network.subnets where !networks[index].subnets.contains(subnet) {
        result.networks[index].subnets.append(subnet)
      }
      for port in network.ports where !networks[index].ports.contains(port) {
        result.networks[index].ports.append(port)
      }
    }
    let own = Set(ownAddresses)
    result.ownAddresses += other.ownAddresses.filter { !own.contains($0) }
    result.interfaces += other.interfaces
    return result
  }

  /// The prefixes of networks that only `other` has.
  func foreign(_ other: Site) -> [AddressRange] {
    let own = Set(networks.map(\.interface))
    return other.networks.filter { !own.contains($0.interface) }.flatMap(\.subnets)
  }
}
