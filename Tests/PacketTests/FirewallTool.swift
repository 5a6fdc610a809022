import TestSupport

/// A way to give a host its rules.
enum FirewallTool: String, CaseIterable, Sendable {
  case nft
  case iptablesNft = "iptables-nft"
  case iptablesLegacy = "iptables-legacy"
  /// `bridgeward apply` on a host without rules of ours.
  case apply
  /// `bridgeward apply` on a host that keeps another policy.
  case applyOnTop = "apply on top of another policy"

  /// Those whose rules stand in the chains that everybody uses.
  static let iptables: Set<FirewallTool> = [.iptablesNft, .iptablesLegacy]

  /// Those that load what `compile` prints.
  static let loaders: [FirewallTool] = [.nft, .iptablesNft, .iptablesLegacy]
}

/// A policy under one backend, on a host that hands bridged frames to the IP rules or does not.
struct Cell: Sendable, CustomStringConvertible {
  let scenario: String
  let tool: FirewallTool
  let filtersBridged: Bool

  /// Every scenario with every tool; peers' cases with those that compiled rules are loaded by.
  static let all = Scenario.names.flatMap { scenario in
    let isPeers = Scenario.conformanceNames.contains(scenario)
    return (isPeers ? FirewallTool.loaders : FirewallTool.allCases).flatMap { tool in
      [false, true].map { Cell(scenario: scenario, tool: tool, filtersBridged: $0) }
    }
  }

  var description: String {
    "\(scenario), \(tool.rawValue), bridge-nf-call \(filtersBridged ? 1 : 0)"
  }

  /// Whether what an expectation needs is so here.
  func provides(_ need: Expectation.Need?) -> Bool {
    switch (need, tool) {
    case (.unfiltered, _): !filtersBridged
    case (.joint, _): FirewallTool.iptables.contains(tool)
    case (.separate, _): !FirewallTool.iptables.contains(tool)
    case (nil, _), (_, .nft), (_, .apply), (_, .applyOnTop): true
    case (.bridged, .iptablesNft), (.bridged, .iptablesLegacy): filtersBridged
    case (.arp, .iptablesNft), (.arp, .iptablesLegacy): false
    case (.tagged, .iptablesNft), (.tagged, .iptablesLegacy): false
    }
  }
}
