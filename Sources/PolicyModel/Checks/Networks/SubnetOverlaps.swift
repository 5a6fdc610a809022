import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Subnets that hold one another, found in one sweep: sorted, a block follows the blocks that
  /// hold it, and blocks never overlap by halves.
  func checkSubnetOverlaps(_ log: inout DiagnosticLog) {
    var subnets: [(subnet: Sourced<AddressPrefix>, network: Int)] = []
    for (index, network) in policy.networks.enumerated() {
      // Guests' own addresses are judged as addresses.
      let isDerived = networks[index].hasDerivedSubnets
      for subnet in network.subnets where !isDerived || network.attachment.isSeenByHost {
        subnets.append((subnet, index))
      }
    }
    subnets.sort { ($0.subnet.value, $0.subnet.span) < ($1.subnet.value, $1.subnet.span) }
    guard var outer = subnets.first else { return }
    for inner in subnets.dropFirst() {
      if outer.subnet.value.contains(inner.subnet.value) {
        report(inner, within: outer, &log)
      } else {
        outer = inner
      }
    }
  }

  private func report(
    _ inner: (subnet: Sourced<AddressPrefix>, network: Int),
    within outer: (subnet: Sourced<AddressPrefix>, network: Int), _ log: inout DiagnosticLog
  ) {
    let areBothDerived =
      networks[inner.network].hasDerivedSubnets && networks[outer.network].hasDerivedSubnets
    if areBothDerived { return }
    log.add(
      .subnetOverlap(
        inner.subnet, policy.networks[inner.network].name, outer.subnet,
        policy.networks[outer.network].name))
  }
}
