import Diagnostics
import NetworkTypes
import PolicyModel

/// Interfaces and addresses that the policy names and the host may not have; sizes of packets.
struct InterfaceChecks {
  let policy: Policy
  let system: SystemFacts
  let location: (Publish) -> String?

  func findings() -> [DoctorFinding] { missing() + strangeAddresses() + sizes() }

  private func missing() -> [DoctorFinding] {
    guard let there = system.interfaces else { return [] }
    let uplinks = policy.uplinks.map { ($0.value, "an uplink") }
    let networks = policy.networks.map {
      ($0.attachment.interface.value, "network \($0.name.value)")
    }
    return (uplinks + networks).compactMap { name, role in
      guard !there.contains(name.text) else { return nil }
      return DoctorFinding(
        .interfaceMissing, "there is no interface `\(name)`, which the policy names",
        evidence: [
          "\(name) is \(role)", "there are: \(there.sorted().joined(separator: ", "))",
        ],
        mend: [
          "create it, or correct its name in the policy; the rules wait for it and need no reload"
        ])
    }
  }

  private func strangeAddresses() -> [DoctorFinding] {
    guard let own = system.addresses else { return [] }
    var seen: Set<IPAddress> = []
    return policy.publishes.compactMap { publish in
      guard let address = publish.hostAddress, !address.isLoopback, !own.contains(address),
        seen.insert(address).inserted
      else { return nil }
      let place = location(publish).map { " (\($0))" } ?? ""
      return DoctorFinding(
        .addressMissing, "a port is published on \(address), which the host does not have",
        evidence: [
          "publish \(publish.transport) \(publish.hostPorts) on \(address)\(place)",
          "the host has: \(own.filter { $0.family == address.family }.sorted().map(\.description).joined(separator: ", "))",
        ],
        mend: ["add the address to an interface, or publish on one that the host has"])
    }
  }

  private func sizes() -> [DoctorFinding] {
    if policy.mssClamp != nil { return [] }
    let uplinks = policy.uplinks.map(\.value)
    let ways = uplinks.isEmpty ? system.defaultRouteInterfaces : uplinks
    let sizes = ways.compactMap { name in system.mtu(name).map { (name, $0) } }
    guard let (uplink, smallest) = sizes.min(by: { $0.1 < $1.1 }) else { return [] }
    return policy.networks.compactMap { network in
      let bridge = network.attachment.interface.value
      guard !network.isInternal, network.attachment.isSeenByHost, let size = system.mtu(bridge),
        size > smallest
      else { return nil }
      return DoctorFinding(
        .mtuTooLarge,
        "packets of \(network.name.value) can be too large for \(uplink): connections stall where "
          + "ICMP is filtered",
        evidence: ["the MTU of \(bridge) is \(size)", "the MTU of \(uplink) is \(smallest)"],
        mend: [
          "write `mss clamp` into the policy; or give the bridge and its guests the smaller MTU:",
          "$ ip link set \(bridge) mtu \(smallest)",
        ])
    }
  }
}
