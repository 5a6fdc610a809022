import Netfilter
import NetlinkBackend
import PolicyModel

/// Tools that get into each other's way, and what the kernel lacks.
struct KernelChecks {
  let policy: Policy
  let rules: ForeignRules
  /// `nil` where nobody knows.
  let capabilities: Set<Capability>?
  /// Why the kernel has no nf_tables; `nil` where it has, or where nobody knows.
  let lack: NetlinkError?

  func findings() -> [DoctorFinding] { missingTables() + mixedTools() + lacking() }

  private func missingTables() -> [DoctorFinding] {
    guard let lack else { return [] }
    return [
      DoctorFinding(
        .tablesMissing, "the kernel has no nf_tables: only iptables can keep a policy here",
        evidence: ["\(lack)"],
        mend: [
          "run a kernel with CONFIG_NF_TABLES_INET and CONFIG_NF_TABLES_BRIDGE, or load its module:",
          "$ modprobe nf_tables",
          "without it: `bridgeward apply --backend iptables`, with IPTABLES=iptables-legacy and "
            + "IP6TABLES=ip6tables-legacy in the environment",
        ])
    ]
  }

  private func mixedTools() -> [DoctorFinding] {
    guard rules.usesLegacy, !rules.nftTables.isEmpty else { return [] }
    let legacy = rules.tables.filter { $0.tool == .iptablesLegacy }.map(\.name)
    return [
      DoctorFinding(
        .mixedTools,
        "iptables-legacy and nf_tables are both in use: each packet passes both, and "
          + "neither tool shows the other's rules",
        evidence: [
          "iptables-legacy has: \(legacy.joined(separator: ", "))",
          "nf_tables has: \(rules.nftTables.joined(separator: ", "))",
        ],
        mend: [
          "move the old rules: `iptables-legacy-save | iptables-nft-restore`, the same with "
            + "ip6tables, then empty the old tables; on Debian choose the variant with:",
          "$ update-alternatives --set iptables /usr/sbin/iptables-nft",
        ])
    ]
  }

  private func lacking() -> [DoctorFinding] {
    guard let capabilities else { return [] }
    let isBridged = policy.networks.contains { network in
      if case .bridge = network.attachment.kind { true } else { false }
    }
    guard isBridged else { return [] }
    return Capability.allCases.filter { !capabilities.contains($0) }.map { capability in
      DoctorFinding(
        .capabilityMissing, .note, Self.loss(capability),
        evidence: ["the kernel has no \(Self.option(capability))"],
        mend: [Self.mend(capability)])
    }
  }

  private static func loss(_ capability: Capability) -> String {
    switch capability {
    case .bridgeMeta:
      "the kernel cannot tell a frame's bridge: rules for bridges name their ports, or learn them"
    case .bridgeConntrack:
      "the kernel keeps no connections for bridges: no line can count those between members"
    }
  }

  private static func mend(_ capability: Capability) -> String {
    switch capability {
    case .bridgeMeta: "nothing: the fallback holds; a kernel with the option needs fewer rules"
    case .bridgeConntrack: "nothing, unless a line has `connections`: give it a `limit`"
    }
  }

  private static func option(_ capability: Capability) -> String {
    switch capability {
    case .bridgeMeta: "CONFIG_NFT_BRIDGE_META"
    case .bridgeConntrack: "CONFIG_NF_CONNTRACK_BRIDGE"
    }
  }
}
