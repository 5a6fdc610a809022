import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Two masquerades for the same packets, and masquerades that hide global IPv6 addresses.
  func checkMasquerades(_ log: inout DiagnosticLog) {
    for network in policy.networks where !network.masquerades.isEmpty {
      checkTwice(network, &log)
      // 2000::/3 is global unicast (RFC 4291).
      let global = network.subnets.first {
        $0.value.family == .ipv6 && $0.value.address.bits >> 125 == 1
      }
      let masquerade = network.masquerades.first { $0.family == .ipv6 }
      if let global, let masquerade { log.add(.globalMasquerade(masquerade.span, global)) }
    }
  }

  /// Those with different `via` never see the same packet; one without sees all.
  private func checkTwice(_ network: Network, _ log: inout DiagnosticLog) {
    for family in AddressFamily.allCases {
      let masquerades = network.masquerades.filter { $0.family == family }
      guard masquerades.count > 1 else { continue }
      let general = masquerades.first { $0.via == nil }
      var seen: [InterfaceName: SourceSpan] = [:]
      for masquerade in masquerades where masquerade.span != general?.span {
        let specific = masquerade.via.flatMap { seen.updateValue(masquerade.span, forKey: $0) }
        guard let first = general?.span ?? specific else { continue }
        let (one, two) = (min(first, masquerade.span), max(first, masquerade.span))
        log.add(.masqueradeTwice(family, at: two, first: one))
      }
    }
  }
}
