import Diagnostics

extension PolicyDraft {
  /// Networks without the subnet that rules about them are made by.
  func checkMissingSubnets(_ log: inout DiagnosticLog) {
    for (index, network) in policy.networks.enumerated() where network.subnets.isEmpty {
      guard networks[index].hasAttachment, !networks[index].isDamaged else { continue }
      switch network.attachment.kind {
      case .bridge, .openvswitch: log.add(.missingSubnet(network.name))
      case .interface: log.add(.missingLinkSubnet(network.name))
      case .macvlan, .ipvlan: break
      }
    }
  }
}
