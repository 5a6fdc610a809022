import Diagnostics
import NetworkTypes
import PolicyModel

/// Finds the network that an address range lies in.
struct SubnetIndex {
  private struct Entry {
    let range: AddressRange
    let network: Int
  }

  /// Sorted; subnets of a checked policy do not overlap.
  private let entries: [Entry]
  private let gateways: Set<IPAddress>

  /// How a range lies to the subnets of the policy.
  enum Location: Equatable {
    case inside(network: Int)
    case outside
    case across
  }

  init(_ policy: Policy) {
    var entries: [Entry] = []
    for (index, network) in policy.networks.enumerated() where network.attachment.isSeenByHost {
      for subnet in network.subnets {
        entries.append(Entry(range: AddressRange(subnet.value), network: index))
      }
    }
    self.entries = entries.sorted { $0.range < $1.range }
    gateways = Set(policy.networks.flatMap(\.gateways))
  }

  /// - Complexity: O(log subnets).
  func location(of range: AddressRange) -> Location {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      let entry = entries[middle].range
      let isBefore =
        entry.family == range.family ? entry.upperBits < range.lowerBits : entry < range
      if isBefore { low = middle + 1 } else { high = middle }
    }
    guard low < entries.count, entries[low].range.overlaps(range) else { return .outside }
    let entry = entries[low]
    return entry.range.contains(range) ? .inside(network: entry.network) : .across
  }

  /// Whether the range is exactly one address, and that the host's own in a network.
  func isGateway(_ range: AddressRange) -> Bool {
    range.lowerBits == range.upperBits && gateways.contains(range.first)
  }
}
