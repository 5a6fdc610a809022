/// What a kernel may lack and a ruleset may need.
package enum Capability: String, CaseIterable, Hashable, Sendable {
  /// `meta ibrname`, `meta obrname` (`CONFIG_NFT_BRIDGE_META`).
  case bridgeMeta = "bridge-meta"
  /// Connection state in bridge tables (`CONFIG_NF_CONNTRACK_BRIDGE`).
  case bridgeConntrack = "bridge-conntrack"
}
