import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Private subnets that packets leave with addresses to which nothing comes back.
  ///
  /// Whoever says `direct access`, on or off, has thought of routes.
  func checkPrivateSubnets(_ log: inout DiagnosticLog) {
    for (index, network) in policy.networks.enumerated() {
      guard networks[index].hasAttachment, !networks[index].isTranslationDamaged,
        !network.isInternal,
        network.directAccess.span == nil
      else { continue }
      switch network.attachment.kind {
      // A bridge with ports of the host is a part of the LAN, and the LAN knows the way.
      case .bridge(let ports) where ports.isEmpty: break
      case .openvswitch: break
      case .bridge, .interface, .macvlan, .ipvlan: continue
      }
      let unserved = network.subnets.filter { subnet in
        let range = AddressRange(subnet.value)
        return !network.isTranslated(range.family) && AddressSet.privateRanges.contains(range)
      }
      if let first = unserved.first { log.add(.privateSubnet(first, network.name)) }
    }
  }
}

extension AddressSet {
  /// RFC 1918, RFC 6598 and RFC 4193.
  static let privateRanges = AddressSet(
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"]
      .compactMap { AddressPrefix($0) }.map { AddressRange($0) })
}
