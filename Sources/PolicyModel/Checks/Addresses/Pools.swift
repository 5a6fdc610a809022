import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// DHCP pools lie in one subnet and hold neither the gateway nor a container's fixed address.
  func checkPools(_ log: inout DiagnosticLog) {
    for (index, network) in policy.networks.enumerated() where !network.pools.isEmpty {
      if networks[index].isDamaged || network.subnets.isEmpty { continue }
      for pool in network.pools {
        let isInside = network.subnets.contains { AddressRange($0.value).contains(pool.value) }
        if !isInside { log.add(.poolOutside(pool, network)) }
        if let gateway = network.gateways.first(where: { pool.value.contains($0) }) {
          log.add(.poolHoldsGateway(pool, gateway))
        }
      }
      checkFixedAddresses(network, &log)
    }
  }

  private func checkFixedAddresses(_ network: Network, _ log: inout DiagnosticLog) {
    let pooled = AddressSet(network.pools.map(\.value))
    for guest in network.guests {
      for address in guest.addresses where pooled.contains(address.value) {
        let pool = network.pools.first { $0.value.contains(address.value) }
        log.add(.addressInPool(address, pool: pool?.span))
      }
    }
  }
}
