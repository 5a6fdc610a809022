import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Subnets without room for what the network does with them.
  func checkSmallSubnets(_ log: inout DiagnosticLog) {
    for (index, network) in policy.networks.enumerated() where !networks[index].hasDerivedSubnets {
      let servesRA = network.served.contains { $0.kind == .routerAdvertisement }
      for subnet in network.subnets {
        let prefix = subnet.value
        if prefix.length >= prefix.family.width - 1, isShared(network.attachment) {
          log.add(.tinySubnet(subnet))
        } else if prefix.family == .ipv6, servesRA, prefix.length > 64 {
          log.add(.narrowSubnet(subnet))
        }
      }
    }
  }

  /// Whether several guests share the link: a routed link to one needs no more than two addresses.
  private func isShared(_ attachment: Attachment) -> Bool {
    switch attachment.kind {
    case .bridge, .openvswitch: true
    case .interface, .macvlan, .ipvlan: false
    }
  }
}
