import Diagnostics

extension PolicyDraft {
  /// Guests whose hardware address `antispoof on` cannot check. A link has no neighbors to pose as.
  func checkAntispoof(_ log: inout DiagnosticLog) {
    for network in policy.networks where network.antispoof.value {
      guard let span = network.antispoof.span else { continue }
      switch network.attachment.kind {
      case .bridge: break
      case .openvswitch, .macvlan, .ipvlan, .interface: continue
      }
      let without = network.guests.filter { $0.mac == nil }
      if !without.isEmpty { log.add(.guestsWithoutMAC(without.map(\.name), at: span)) }
    }
  }
}
