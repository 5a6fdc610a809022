import TestSupport

/// Rules on the host that are not ours.
enum ForeignRules: String, CaseIterable, Sendable {
  /// A firewall of somebody else's that forwards nothing, in a chain of its own.
  case forwardDrop = "forward-drop"
  /// `iptables -P FORWARD DROP`, with the variant that carries our own rules, where one does.
  case forwardPolicy = "forward-policy-drop"

  /// What a host with our rules from `tool` has, too.
  func program(beside tool: FirewallTool) -> FirewallProgram {
    switch self {
    case .forwardDrop:
      .nft(
        """
        table inet foreign {
          chain forward { type filter hook forward priority 10; policy drop; }
        }
        """)
    case .forwardPolicy:
      .iptables(
        tool == .iptablesLegacy ? .legacy : .nft, ipv4: Self.policyDrop, ipv6: Self.policyDrop)
    }
  }

  private static let policyDrop = """
    *filter
    :INPUT ACCEPT
    :FORWARD DROP
    :OUTPUT ACCEPT
    COMMIT

    """
}
