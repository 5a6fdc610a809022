package import Netfilter
package import NetworkTypes

/// Everything that judges packets on a host, in one form for all tools: a ruleset, the chains of
/// iptables, tables of somebody else's.
package struct Program: Sendable {
  package var tables: [Table]

  package init(tables: [Table]) { self.tables = tables }

  /// The tables of a ruleset.
  package init(_ ruleset: Ruleset) { tables = ruleset.tables.map(Table.init) }
}

extension Program {
  /// A table: names mean something within it only.
  package struct Table: Sendable {
    package var scope: Scope
    package var name: String
    package var chains: [Chain]
    package var sets: [NamedSet]
    package var verdictMaps: [VerdictMap]
    package var addressMaps: [AddressMap]

    package init(
      _ scope: Scope, _ name: String, chains: [Chain], sets: [NamedSet] = [],
      verdictMaps: [VerdictMap] = [], addressMaps: [AddressMap] = []
    ) {
      self.scope = scope
      self.name = name
      self.chains = chains
      self.sets = sets
      self.verdictMaps = verdictMaps
      self.addressMaps = addressMaps
    }

    /// A table of a ruleset.
    package init(_ table: Netfilter.Table) {
      self.init(
        table.family == .inet ? .packets([.ipv4, .ipv6]) : .frames, table.name,
        chains: table.chains.map(Chain.init), sets: table.sets, verdictMaps: table.verdictMaps,
        addressMaps: table.addressMaps)
    }
  }

  /// What a table sees.
  package enum Scope: Hashable, Sendable {
    /// Packets of the host's own path, of these families.
    case packets(Set<AddressFamily>)
    /// Frames on the host's bridges.
    case frames
  }

  /// An ordered list of rules.
  package struct Chain: Sendable {
    package var name: String
    /// Where the network stack calls the chain; `nil` where other chains do.
    package var base: BaseChain?
    /// Whether packets that pass all rules of a base chain are dropped.
    package var dropsByDefault: Bool
    package var rules: Rules

    package init(
      _ name: String, base: BaseChain? = nil, dropsByDefault: Bool = false, _ rules: Rules
    ) {
      self.name = name
      self.base = base
      self.dropsByDefault = dropsByDefault
      self.rules = rules
    }

    /// A chain of a ruleset.
    package init(_ chain: Netfilter.Chain) {
      switch chain.kind {
      case .base(let base): self.init(chain.name, base: base, .ruleset(chain.rules))
      case .regular: self.init(chain.name, .ruleset(chain.rules))
      }
    }
  }

  /// The rules of a chain, as they were got: those of large rulesets are not copied.
  package enum Rules: Sendable {
    case ruleset([Netfilter.Rule])
    case program([Rule])
  }

  /// A rule that a ruleset could not say.
  package struct Rule: Sendable {
    package var conditions: [Condition]
    package var effects: [Effect]
    package var origin: Origin?
    package var comment: String?

    package init(
      _ conditions: [Condition], _ effects: [Effect], origin: Origin? = nil,
      comment: String? = nil
    ) {
      self.conditions = conditions
      self.effects = effects
      self.origin = origin
      self.comment = comment
    }
  }

  /// A condition of a ruleset, or one that no ruleset has.
  package enum Condition: Hashable, Sendable {
    case match(Match)
    /// TCP: SYN without RST, either packet of a handshake.
    case handshake
    /// Somebody else's, in words; nobody knows whether it holds.
    case unknown(String)
  }

  /// An action of a ruleset, or one that no ruleset has.
  package enum Effect: Hashable, Sendable {
    case action(Action)
    /// To an address and a port as far from the first of `ports` as the packet's is from `base`.
    case destination(IPAddress, ports: PortRange, base: UInt16)
    /// To an address and one port, whatever port was dialed.
    case port(IPAddress, UInt16)
    /// Somebody else's, in words.
    case unknown(String)
  }
}
