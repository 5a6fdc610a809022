import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Addresses that stand for something else than one container.
  func checkSpecialAddresses(_ log: inout DiagnosticLog) {
    for (index, network) in policy.networks.enumerated() {
      let hasSubnets = !networks[index].hasDerivedSubnets && !networks[index].isDamaged
      let gateways = Set(network.gateways)
      // Asked of each address, so that one look tells nearly all.
      let taken = gateways.union(network.subnets.flatMap { [$0.value.address, $0.value.last] })
      for guest in network.guests {
        for address in guest.addresses {
          if let role = address.value.specialRole {
            log.add(.specialAddress(address, role))
          } else if address.value.isLinkLocal {
            log.add(.linkLocalAddress(address))
          } else if !taken.contains(address.value) {
            continue
          } else if gateways.contains(address.value) {
            log.add(.gatewayAddress(address, network.name, written: networks[index]))
          } else if hasSubnets, let role = edge(address.value, network.subnets) {
            log.add(.specialAddress(address, role))
          }
        }
      }
    }
  }

  /// What an address at the edge of its subnet stands for; the last is a host's in IPv6, and both
  /// are in a subnet of two addresses or one (RFC 3021, RFC 6164).
  private func edge(_ address: IPAddress, _ subnets: [Sourced<AddressPrefix>]) -> String? {
    guard let subnet = subnets.first(where: { $0.value.contains(address) })?.value,
      subnet.length < subnet.family.width - 1
    else { return nil }
    if subnet.address == address {
      return subnet.family == .ipv4
        ? "the network address of `\(subnet)`" : "the routers' anycast address of `\(subnet)`"
    }
    if subnet.family == .ipv4, subnet.last == address {
      return "the broadcast address of `\(subnet)`"
    }
    return nil
  }
}

extension IPAddress {
  /// What the address stands for wherever it is used, if not for one machine.
  var specialRole: String? {
    if isUnspecified { return "the unspecified address" }
    if isMulticast { return "a multicast address" }
    if isLoopback { return "a loopback address" }
    if case .ipv4(let address) = self, address.bits == .max { return "the broadcast address" }
    return nil
  }
}
