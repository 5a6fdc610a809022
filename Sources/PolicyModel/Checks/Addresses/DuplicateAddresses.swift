import Diagnostics
import NetworkTypes

extension PolicyDraft {
  /// Addresses and MACs that two containers have.
  func checkDuplicateAddresses(_ log: inout DiagnosticLog) {
    var addresses: [IPAddress: SourceSpan] = [:]
    var hardware: [MACAddress: SourceSpan] = [:]
    for network in policy.networks {
      addresses.reserveCapacity(addresses.count + network.guests.count)
      for guest in network.guests {
        for address in guest.addresses {
          if let first = addresses[address.value] {
            log.add(.duplicateAddress("\(address.value)", at: address.span, first: first))
          } else {
            addresses[address.value] = address.span
          }
        }
        guard let mac = guest.mac else { continue }
        if let first = hardware.updateValue(mac.span, forKey: mac.value) {
          log.add(.duplicateAddress("\(mac.value)", at: mac.span, first: first))
        }
      }
    }
  }
}
