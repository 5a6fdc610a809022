import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Services need an address of the host in the network, of the right family.
  func checkServices(_ log: inout DiagnosticLog) {
    for (index, network) in policy.networks.enumerated() {
      let facts = networks[index]
      if facts.isDamaged || !facts.hasAttachment || !network.attachment.isSeenByHost { continue }
      for service in network.served {
        switch service.kind {
        case .routerAdvertisement:
          guard network.gateways(of: .ipv6).isEmpty else { continue }
          log.add(.serviceNeedsIPv6(service.span, network.name))
        case .dhcp, .dns, .tftp, .ntp, .custom:
          guard network.gateways.isEmpty, !network.subnets.isEmpty else { continue }
          log.add(.serviceNeedsGateway(service.span, network.name))
        }
      }
    }
  }
}
