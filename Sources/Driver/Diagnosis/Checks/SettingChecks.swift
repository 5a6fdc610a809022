import Diagnostics
import Lowering
import NetworkTypes
import PolicyModel

/// Settings of the kernel: forwarding, bridged frames, reverse paths.
struct SettingChecks {
  let policy: Policy
  let system: SystemFacts

  func findings() -> [DoctorFinding] { required() + bridgeFilter() + reversePath() }

  private func required() -> [DoctorFinding] {
    requiredSysctls(policy).compactMap { setting in
      guard let value = system.setting(setting.name), value != setting.value else { return nil }
      let isForwarding = setting.name.hasSuffix("forward") || setting.name.hasSuffix("forwarding")
      let name = setting.name.split(separator: "/").joined(separator: ".")
      return DoctorFinding(
        isForwarding ? .forwardingOff : .settingMissing,
        isForwarding
          ? "the host does not forward IPv\(setting.name.contains("ipv6") ? 6 : 4): nothing "
            + "leaves a network, and no published port is reachable"
          : "a kernel setting is missing: \(setting.reason)",
        evidence: ["/proc/sys/\(setting.name) is \(value), and needs to be \(setting.value)"],
        mend: [
          policy.managesSysctls
            ? "apply the policy, which sets it; or set it yourself:"
            : "set it, for the policy says `sysctl check`:",
          // sysctl(8) takes slashes, too, which names of interfaces with dots need.
          "$ sysctl -w \(name.contains("conf.") ? setting.name : name)=\(setting.value)",
        ])
    }
  }

  private func bridgeFilter() -> [DoctorFinding] {
    let bridges = policy.networks.filter { network in
      if case .bridge = network.attachment.kind { true } else { false }
    }
    let names = ["net/bridge/bridge-nf-call-iptables", "net/bridge/bridge-nf-call-ip6tables"]
    let on = names.filter { system.setting($0) == "1" }
    guard !bridges.isEmpty, !on.isEmpty else { return [] }
    return [
      DoctorFinding(
        .bridgeFilterOn, .note,
        "frames between ports of a bridge pass the IP rules of everybody on this host",
        evidence: on.map { "/proc/sys/\($0) is 1" } + [
          "the policy works either way; but drops of others in `forward` then hit traffic within "
            + "a bridge, and `icc off` also works through iptables"
        ],
        mend: [
          "nothing, unless you need it off; Docker and Kubernetes switch it on:",
          "$ sysctl -w net.bridge.bridge-nf-call-iptables=0",
        ])
    ]
  }

  /// A strict filter drops what comes in by another interface than its answer would leave by.
  private func reversePath() -> [DoctorFinding] {
    guard policy.uplinks.count > 1 else { return [] }
    let all = system.setting("net/ipv4/conf/all/rp_filter").flatMap(Int.init) ?? 0
    return policy.uplinks.compactMap { uplink in
      let own = system.setting("net/ipv4/conf/\(uplink.value)/rp_filter").flatMap(Int.init) ?? 0
      // The kernel takes the larger of the two (ip-sysctl, rp_filter).
      guard max(all, own) == 1 else { return nil }
      return DoctorFinding(
        .reversePathFilter, .note,
        "packets that come in by \(uplink.value) are dropped where their answers would leave by "
          + "another uplink",
        evidence: ["net/ipv4/conf/{all,\(uplink.value)}/rp_filter: the larger is 1 (strict)"],
        mend: ["$ sysctl -w net/ipv4/conf/\(uplink.value)/rp_filter=2"])
    }
  }
}
