import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Containers' addresses and gateways lie in a subnet of their network.
  func checkAddressesInSubnets(_ log: inout DiagnosticLog) {
    let owners = SubnetOwners(policy.networks)
    for (index, network) in policy.networks.enumerated() {
      let facts = networks[index]
      if facts.isDamaged || facts.hasDerivedSubnets || network.subnets.isEmpty { continue }
      for guest in network.guests {
        for address in guest.addresses { check(address, in: network, "address", owners, &log) }
      }
      for gateway in facts.writtenGateways { check(gateway, in: network, "gateway", owners, &log) }
      checkGateways(of: index, &log)
    }
  }

  private func check(
    _ address: Sourced<IPAddress>, in network: Network, _ role: String, _ owners: SubnetOwners,
    _ log: inout DiagnosticLog
  ) {
    if network.subnets.contains(where: { $0.value.contains(address.value) }) { return }
    // Those lie in no subnet by nature, and another check says what they are.
    if address.value.specialRole != nil || address.value.isLinkLocal { return }
    guard !network.subnets(of: address.value.family).isEmpty else {
      log.add(.addressFamily(address, role, network.name))
      return
    }
    let other = owners.network(of: address.value).map { policy.networks[$0] }
    log.add(.addressOutside(address, role, network, other: other))
  }

  /// One gateway for each subnet, since the host has one address there.
  private func checkGateways(of index: Int, _ log: inout DiagnosticLog) {
    for subnet in policy.networks[index].subnets {
      let inside = networks[index].writtenGateways.filter { subnet.value.contains($0.value) }
      for extra in inside.dropFirst() {
        log.add(.gatewayTwice(extra, subnet.value, first: inside[0].span))
      }
    }
  }
}
