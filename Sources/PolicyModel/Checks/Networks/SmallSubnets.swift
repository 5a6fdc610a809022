import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Subnets without room for what the network does with them.
  func checkSmallSubnets(_ log: inout DiagnosticLog) {
    for (index, network) in policy.networks.enumerated() where !networks[index].hasDerivedSubnets {
      let servesRA = network.served.contains { $0.kind == .routerAdvertisement }
      for subnet in network.subnets {
        let prefix = subnet.value
        if isShared(network.attachment), isTooSmall(prefix, for: network) {
          log.add(.tinySubnet(subnet))
        } else if prefix.family == .ipv6, servesRA, prefix.length > 64 {
          log.add(.narrowSubnet(subnet))
        }
      }
    }
  }

  /// Two addresses are enough for the host and one guest, who is named (RFC 3021, RFC 6164).
  private func isTooSmall(_ prefix: AddressPrefix, for network: Network) -> Bool {
    let hostBits = prefix.family.width - prefix.length
    let hasItsGuest = network.guests.contains { guest in
      guest.addresses.contains { prefix.contains($0.value) }
    }
    return hostBits == 0 || (hostBits == 1 && !hasItsGuest)
  }

  /// Whether several guests share the link: a routed link to one needs no more than two addresses.
  private func isShared(_ attachment: Attachment) -> Bool {
    switch attachment.kind {
    case .bridge, .openvswitch: true
    case .interface, .macvlan, .ipvlan: false
    }
  }
}
