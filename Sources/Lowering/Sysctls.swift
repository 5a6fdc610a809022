import Diagnostics
import NetworkTypes
package import PolicyModel

/// A kernel setting without which a policy does not work.
package struct SysctlSetting: Hashable, Sendable {
  /// The name below `/proc/sys`, with slashes.
  package let name: String
  package let value: String
  /// What it is for, in a few words.
  package let reason: String

  package init(name: String, value: String, reason: String) {
    self.name = name
    self.value = value
    self.reason = reason
  }
}

/// The settings that `policy` needs, in the order in which they are to be made.
package func requiredSysctls(_ policy: Policy) -> [SysctlSetting] {
  let seen = policy.networks.filter(\.attachment.isSeenByHost)
  var result: [SysctlSetting] = []
  let families = Set(seen.flatMap(\.families))
  if families.contains(.ipv4) {
    result.append(
      SysctlSetting(name: "net/ipv4/ip_forward", value: "1", reason: "the host routes IPv4"))
  }
  if families.contains(.ipv6) {
    for uplink in policy.uplinks {
      result.append(
        SysctlSetting(
          name: "net/ipv6/conf/\(uplink.value)/accept_ra", value: "2",
          reason: "router advertisements are still read when the host forwards"))
    }
    result.append(
      SysctlSetting(
        name: "net/ipv6/conf/all/forwarding", value: "1", reason: "the host routes IPv6"))
  }
  for index in loopbackTargets(policy) {
    let interface = policy.networks[index].attachment.interface.value
    result.append(
      SysctlSetting(
        name: "net/ipv4/conf/\(interface)/route_localnet", value: "1",
        reason: "published ports answer on 127.0.0.1"))
  }
  return result
}

/// The networks that some publish on 127.0.0.1 maps into, sorted.
private func loopbackTargets(_ policy: Policy) -> [Int] {
  let translations = TranslatedNetworks(policy.networks)
  var isTarget = Array(repeating: false, count: policy.networks.count)
  var missing = policy.networks.indices.count { translations.contains($0, .ipv4) }
  for index in policy.publishes.indices where missing > 0 {
    let network = policy.publishes[index].network
    guard !isTarget[network], translations.contains(network, .ipv4),
      policy.publishes[index].familySet.contains(.ipv4),
      policy.publishes[index].hostAddress?.isLoopback ?? true
    else { continue }
    isTarget[network] = true
    missing -= 1
  }
  return isTarget.indices.filter { isTarget[$0] }
}
