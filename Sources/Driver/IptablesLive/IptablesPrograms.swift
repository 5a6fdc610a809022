import NetworkTypes

/// The names of the programs that speak for iptables.
package struct IptablesPrograms: Hashable, Sendable {
  /// `iptables` or another variant of it: `iptables-legacy`, `iptables-nft`, or a path.
  package let ipv4: String
  package let ipv6: String

  package init(ipv4: String = "iptables", ipv6: String = "ip6tables") {
    self.ipv4 = ipv4
    self.ipv6 = ipv6
  }

  func command(_ family: AddressFamily) -> String {
    switch family {
    case .ipv4: ipv4
    case .ipv6: ipv6
    }
  }

  func save(_ family: AddressFamily) -> String { command(family) + "-save" }
  func restore(_ family: AddressFamily) -> String { command(family) + "-restore" }
}

extension IptablesPrograms {
  /// Which of the two implementations a program is of.
  package enum Variant: String, CaseIterable, Hashable, Sendable {
    /// Keeps its rules in nf_tables.
    case nft = "nf_tables"
    /// Keeps its rules in ip_tables; so do releases that name no variant.
    case legacy

    /// Reads what `iptables --version` prints: `iptables v1.8.9 (nf_tables)`.
    init(version: String) { self = version.contains("(nf_tables)") ? .nft : .legacy }
  }
}
