import IptablesBackend
import Netfilter
import NetworkTypes
import NftablesBackend
import RulesetTestSupport
import Testing

/// A way to put a ruleset into the kernel.
enum Loader: String, CaseIterable, CustomTestStringConvertible {
  case nft
  case iptablesNft = "nft-variant"
  case iptablesLegacy = "legacy"

  var testDescription: String { rawValue }

  private var command: String {
    switch self {
    case .nft: "nft -f nft.rules"
    case .iptablesNft: Self.restore("nft")
    case .iptablesLegacy: Self.restore("legacy")
    }
  }

  private static func restore(_ variant: String) -> String {
    """
    iptables-\(variant)-restore --noflush < ip4.rules
    ip6tables-\(variant)-restore --noflush < ip6.rules
    IPTABLES=iptables-\(variant) IP6TABLES=ip6tables-\(variant) sh hooks
    """
  }

  /// The output of `script` in a namespace that has loopback and the rules of `tables`.
  func run(_ tables: [Table], _ script: String) throws -> String {
    let ruleset = Ruleset(tables: tables)
    try #require(verify(ruleset).map(\.description) == [])
    let legalized = AddressFamily.allCases.map { legalize(ruleset, family: $0) }
    let shell = NamespacedShell(files: [
      "nft.rules": nftScript(ruleset), "ip4.rules": restoreText(legalized[0]),
      "ip6.rules": restoreText(legalized[1]), "hooks": hookScript(legalized),
    ])
    let result = try shell.run("set -e\nip link set lo up\n\(command)\n\(script)")
    #expect(result.errors == "")
    #expect(result.status == 0)
    return result.output
  }
}

/// A table with one base chain that judges what comes in.
func inputTable(_ rules: [Rule], sets: [NamedSet] = []) -> Table {
  var table = Table(family: .inet, name: "bridgeward")
  table.sets = sets
  table.chains = [
    Chain("filter-input", .base(BaseChain(.filter, .input, priority: 0)), rules: rules)
  ]
  return table
}
