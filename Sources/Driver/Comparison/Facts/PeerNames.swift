import Diagnostics
import Netfilter
import NetworkTypes
package import PolicyModel

/// What policies call the addresses and interfaces that stand in rules.
package struct PeerNames: Sendable {
  private let guests: GuestNames
  private var networks: [AddressRange: String] = [:]
  private var interfaces: [InterfaceName: String] = [:]
  private var lists: [[AddressRange]: String] = [:]
  private var networkInterfaces: Set<InterfaceName> = []

  /// - Parameter policies: where two call a thing differently, the earlier one is right.
  package init(_ policies: [Policy]) {
    guests = GuestNames(policies)
    for policy in policies {
      for network in policy.networks { add(network) }
      for list in policy.lists {
        for family in AddressFamily.allCases {
          let ranges = list.addresses.ranges(of: family)
          if lists[ranges] == nil { lists[ranges] = list.name.value }
        }
      }
    }
  }

  private mutating func add(_ network: Network) {
    let name = network.name.value
    if interfaces[network.attachment.interface.value] == nil {
      interfaces[network.attachment.interface.value] = name
    }
    networkInterfaces.insert(network.attachment.interface.value)
    for subnet in network.subnets where networks[AddressRange(subnet.value)] == nil {
      networks[AddressRange(subnet.value)] = name
    }
  }

  /// Takes `name` for the name of the network behind `interface`, where no policy has one.
  mutating func add(_ name: String, of interface: InterfaceName) {
    networkInterfaces.insert(interface)
    if interfaces[interface] == nil { interfaces[interface] = name }
  }

  /// Whether a network hangs on the interface.
  func isNetwork(_ interface: InterfaceName) -> Bool { networkInterfaces.contains(interface) }

  /// The network behind the interface, or the interface where there is none.
  func words(_ interface: InterfaceName) -> String { interfaces[interface] ?? interface.text }

  /// The container's name, and the address.
  func words(_ address: IPAddress) -> String {
    guests[address].map { "\($0) \(address)" } ?? "\(address)"
  }

  /// The container's name, and its address and port.
  func words(_ address: IPAddress, port: String) -> String {
    let place = address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
    return guests[address].map { "\($0) \(place)" } ?? place
  }

  /// The networks' prefixes inside the range, then the prefixes of what is left of it: networks
  /// side by side are one range in rules.
  func parts(_ range: AddressRange) -> [AddressRange] {
    let known = networks.keys.filter(range.contains).sorted()
    let rest = AddressSet([range]).subtracting(AddressSet(known))
    return known + rest.ranges.flatMap(\.prefixes).map { AddressRange($0) }
  }

  /// The names of what is in the ranges; a list's name, and what it holds.
  func words(_ ranges: [AddressRange]) -> String {
    let parts = ranges.flatMap(words)
    guard let list = lists[ranges] else { return parts.joined(separator: ", ") }
    return "\(list) {\(parts.joined(separator: ", "))}"
  }

  /// Containers side by side are one range in rules, but not to people.
  private func words(_ range: AddressRange) -> [String] {
    if range.lowerBits == range.upperBits { return [words(range.first)] }
    if let network = networks[range] { return ["\(network) \(range)"] }
    guard range.upperBits - range.lowerBits < 16 else { return ["\(range)"] }
    let addresses = (range.lowerBits...range.upperBits).map {
      IPAddress(family: range.family, bits: $0)
    }
    return addresses.allSatisfy { guests[$0] != nil } ? addresses.map(words) : ["\(range)"]
  }
}
