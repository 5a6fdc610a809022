/// An ordered list of rules.
package struct Chain: Hashable, Sendable {
  package var name: String
  package var kind: Kind
  package var rules: [Rule]

  /// Whether the network stack calls the chain, or other chains do.
  package enum Kind: Hashable, Sendable {
    /// Reached from the network stack.
    case base(BaseChain)
    /// Reached by `jump` and `goto` only.
    case regular
  }

  package init(_ name: String, _ kind: Kind = .regular, rules: [Rule] = []) {
    self.name = name
    self.kind = kind
    self.rules = rules
  }
}

/// Where a base chain is attached. Its policy is always accept: what we do not know, we leave alone.
package struct BaseChain: Hashable, Sendable {
  /// What the chain may do (the chain type of nft, the table of iptables).
  package enum Purpose: String, CaseIterable, Hashable, Sendable { case filter, nat }

  package let purpose: Purpose
  package let hook: Hook
  /// Lower runs first.
  package let priority: Int32

  package init(_ purpose: Purpose, _ hook: Hook, priority: Int32) {
    self.purpose = purpose
    self.hook = hook
    self.priority = priority
  }
}

/// A place in the path of a packet (linux/netfilter.h, `enum nf_inet_hooks`).
package enum Hook: String, CaseIterable, Hashable, Sendable {
  case prerouting, input, forward, output, postrouting
}

/// The priorities that are used here (linux/netfilter_ipv4.h, `enum nf_ip_hook_priorities`; for
/// bridges linux/netfilter_bridge.h).
package enum HookPriority {
  /// Before conntrack.
  package static let raw: Int32 = -300
  package static let mangle: Int32 = -150
  /// Just before destination NAT: packets still bear what the client dialled.
  package static let admission: Int32 = -101
  package static let destinationNAT: Int32 = -100
  /// Just after destination NAT.
  package static let translated: Int32 = -99
  package static let filter: Int32 = 0
  package static let sourceNAT: Int32 = 100
  package static let bridgePrerouting: Int32 = -300
  package static let bridgeFilter: Int32 = -200
}
