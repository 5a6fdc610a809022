import Diagnostics
import NetworkTypes

/// Finds the network that an address belongs to.
struct SubnetOwners {
  private var entries: [(prefix: AddressPrefix, network: Int)] = []

  init(_ networks: [Network]) {
    for (index, network) in networks.enumerated() {
      for subnet in network.subnets { entries.append((subnet.value, index)) }
    }
    entries.sort { ($0.prefix, $0.network) < ($1.prefix, $1.network) }
  }

  /// The network whose subnet starts nearest below `address` and holds it.
  ///
  /// - Complexity: O(log subnets).
  func network(of address: IPAddress) -> Int? {
    let index = lowerBound(after: address)
    guard index > 0, entries[index - 1].prefix.contains(address) else { return nil }
    return entries[index - 1].network
  }

  /// Networks with addresses in `range`, at most `limit`.
  ///
  /// - Complexity: O(log subnets + limit).
  func networks(overlapping range: AddressRange, limit: Int) -> [Int] {
    var result: [Int] = []
    if let first = network(of: range.first) { result.append(first) }
    var index = lowerBound(after: range.first)
    while index < entries.count, result.count < limit {
      guard entries[index].prefix.family == range.family,
        entries[index].prefix.address <= range.last
      else { break }
      if result.last != entries[index].network { result.append(entries[index].network) }
      index += 1
    }
    return result
  }

  /// The index of the first subnet that starts after `address`.
  private func lowerBound(after address: IPAddress) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].prefix.address <= address { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
