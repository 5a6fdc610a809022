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
  let loopbackTargets = policy.publishes.filter { publish in
    publish.families.contains(.ipv4) && policy.networks[publish.network].isTranslated(.ipv4)
      && (publish.hostAddress?.isLoopback ?? true)
  }.map(\.network)
  for index in Set(loopbackTargets).sorted() {
    let interface = policy.networks[index].attachment.interface.value
    result.append(
      SysctlSetting(
        name: "net/ipv4/conf/\(interface)/route_localnet", value: "1",
        reason: "published ports answer on 127.0.0.1"))
  }
  return result
}
