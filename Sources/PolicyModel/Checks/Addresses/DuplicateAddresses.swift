import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Addresses and MACs that two containers have, found side by side once sorted.
  func checkDuplicateAddresses(_ log: inout DiagnosticLog) {
    var addresses: [Claim] = []
    var hardware: [Claim] = []
    for network in policy.networks {
      for guest in network.guests {
        for address in guest.addresses {
          addresses.append(Claim(bits: address.value.bits, span: address.span))
        }
        if let mac = guest.mac {
          hardware.append(Claim(bits: UInt128(mac.value.bits), span: mac.span))
        }
      }
    }
    // Families need no telling apart: the few IPv6 addresses below 2^32 are no container's.
    report(addresses, &log)
    report(hardware, &log)
  }

  private func report(_ claims: [Claim], _ log: inout DiagnosticLog) {
    // Most policies list addresses in order, and then there is nothing to sort.
    if isAscending(claims) { return }
    let sorted = claims.sorted { ($0.bits, $0.span) < ($1.bits, $1.span) }
    guard var first = sorted.first else { return }
    for claim in sorted.dropFirst() {
      if claim.bits == first.bits {
        log.add(.duplicateAddress(files.text(claim.span), at: claim.span, first: first.span))
      } else {
        first = claim
      }
    }
  }

  private func isAscending(_ claims: [Claim]) -> Bool {
    guard var last = claims.first?.bits else { return true }
    for claim in claims.dropFirst() {
      if claim.bits <= last { return false }
      last = claim.bits
    }
    return true
  }
}

/// An address or MAC, and where a container has it.
private struct Claim {
  let bits: UInt128
  let span: SourceSpan
}
