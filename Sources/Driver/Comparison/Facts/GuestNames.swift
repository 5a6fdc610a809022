import Diagnostics
import NetworkTypes
import PolicyModel

/// What policies call the addresses of containers and VMs.
///
/// Sorted, not hashed: there may be very many, of which a change names a few, and they mostly stand
/// in the order of their addresses already.
struct GuestNames {
  private var ipv4: [Entry] = []
  private var ipv6: [Entry] = []
  private var names: [String] = []

  private struct Entry {
    let address: IPAddress
    /// The index in `names`.
    let position: Int
  }

  /// - Parameter policies: where two call an address differently, the earlier one is right.
  init(_ policies: [Policy]) {
    let count = policies.lazy.flatMap(\.networks).reduce(0) { $0 + $1.guests.count }
    names.reserveCapacity(count)
    ipv4.reserveCapacity(count)
    for policy in policies {
      for network in policy.networks {
        for guest in network.guests { add(guest) }
      }
    }
    Self.sort(&ipv4)
    Self.sort(&ipv6)
  }

  private mutating func add(_ guest: Guest) {
    for address in guest.addresses {
      let entry = Entry(address: address.value, position: names.count)
      switch address.value {
      case .ipv4: ipv4.append(entry)
      case .ipv6: ipv6.append(entry)
      }
    }
    names.append(guest.name.value)
  }

  private static func sort(_ entries: inout [Entry]) {
    let isSorted = entries.indices.dropFirst().allSatisfy {
      entries[$0 - 1].address <= entries[$0].address
    }
    if isSorted { return }
    entries.sort { ($0.address, $0.position) < ($1.address, $1.position) }
  }

  /// The name of the guest with the address; `nil` where no policy has one.
  ///
  /// - Complexity: O(log n).
  subscript(address: IPAddress) -> String? {
    let entries = address.family == .ipv4 ? ipv4 : ipv6
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].address < address { low = middle + 1 } else { high = middle }
    }
    guard low < entries.count, entries[low].address == address else { return nil }
    return names[entries[low].position]
  }
}
