import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// A container leaves with one address of each family.
  func checkSourceNATs(_ log: inout DiagnosticLog) {
    for network in policy.networks where network.sourceNATs.count > 1 {
      var seen: [SourceNATKey: SourceSpan] = [:]
      for rewrite in network.sourceNATs {
        let key = SourceNATKey(guest: rewrite.guest, family: rewrite.address.family)
        guard let first = seen[key] else {
          seen[key] = rewrite.span
          continue
        }
        log.add(
          .sourceNATTwice(network.guests[rewrite.guest].name.value, at: rewrite.span, first: first))
      }
    }
  }
}

private struct SourceNATKey: Hashable {
  let guest: Int
  let family: AddressFamily
}
