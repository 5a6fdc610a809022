import Diagnostics
package import HeaderSpace
package import Netfilter
import NetworkTypes
package import PolicyModel

extension Site {
  /// What a policy says of its host: networks, gateways, and the addresses that it publishes on or
  /// sends from.
  package init(_ policy: Policy) {
    var own = policy.networks.filter(\.attachment.isSeenByHost).flatMap(\.gateways)
    var known = Set(own)
    let published = policy.publishes.lazy.compactMap(\.hostAddress)
    let masks = policy.networks.flatMap(\.masquerades).compactMap(\.address).filter {
      $0.first == $0.last
    }.map(\.first)
    let sources = policy.networks.flatMap(\.sourceNATs).map(\.address)
    for address in Array(published) + masks + sources
    where !address.isLoopback && known.insert(address).inserted {
      own.append(address)
    }
    self.init(
      networks: policy.networks.filter(\.attachment.isSeenByHost).map(Site.Network.init),
      ownAddresses: own, interfaces: policy.uplinks.map(\.value))
  }
}

extension Site.Network {
  fileprivate init(_ network: PolicyModel.Network) {
    let kind: Kind
    let ports: [InterfaceName]
    switch network.attachment.kind {
    case .bridge(let named):
      kind = .bridge
      ports = named.map(\.value)
    case .openvswitch, .interface, .macvlan, .ipvlan:
      kind = .link
      ports = []
    }
    var subnets = network.subnets.map { AddressRange($0.value) }
    if subnets.isEmpty {
      subnets = network.guests.flatMap(\.addresses).map { AddressRange($0.value) }
    }
    self.init(
      name: network.name.value, interface: network.attachment.interface.value, kind: kind,
      ports: ports, subnets: subnets,
      guests: network.guests.map { guest in
        Site.Guest(
          name: guest.name.value, addresses: guest.addresses.map(\.value), mac: guest.mac?.value)
      })
  }
}

extension Installation {
  /// A compiled policy on its host; `nil` where it has errors.
  package init?(_ compilation: Compilation) {
    guard let policy = compilation.policy, let ruleset = compilation.ruleset else { return nil }
    self.init(ruleset: ruleset, policy: policy)
  }

  /// A ruleset on the host of `policy`.
  package init(ruleset: Ruleset, policy: Policy) {
    self.init(
      ruleset: ruleset, site: Site(policy),
      lists: policy.lists.map { NamedAddresses(name: $0.name.value, addresses: $0.addresses) })
  }
}
