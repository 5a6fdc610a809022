import TestSupport

/// A way to give the host its rules.
enum DemoBackend: String, CaseIterable {
  case nft
  case iptablesNft = "iptables-nft"
  case iptablesLegacy = "iptables-legacy"

  /// Whether frames between ports of a bridge must pass the IP rules for these rules to see them.
  var needsBridgedFrames: Bool {
    switch self {
    case .nft: false
    case .iptablesNft, .iptablesLegacy: true
    }
  }

  /// The commands that list the rules with their counters.
  var listings: [Command] {
    switch self {
    case .nft: [Command(["nft", "-j", "list", "ruleset"])]
    case .iptablesNft: Self.saves("nft")
    case .iptablesLegacy: Self.saves("legacy")
    }
  }

  private static func saves(_ variant: String) -> [Command] {
    ["iptables", "ip6tables"].map { Command(["\($0)-\(variant)-save", "-c"]) }
  }

  /// Reads what the listings print.
  func rules(_ texts: [String]) throws -> RuleListing {
    switch self {
    case .nft: try RuleListing(nft: texts)
    case .iptablesNft, .iptablesLegacy: RuleListing(iptables: texts)
    }
  }
}
