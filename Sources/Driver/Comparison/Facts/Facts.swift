package import Netfilter

/// What a ruleset does, taken apart into what a policy has words for.
package struct Facts: Sendable {
  package internal(set) var publishes: [PublishFact] = []
  package internal(set) var flows: [FlowFact] = []
  package internal(set) var settings: [SettingFact] = []

  /// Reads a ruleset that this program made; what it would not have made is passed over.
  ///
  /// - Complexity: linear in the ruleset.
  package init(_ ruleset: Ruleset, names: PeerNames) {
    guard let table = ruleset.table(.inet) else { return }
    let reader = TableReader(table, names: names)
    publishes = reader.publishes()
    flows = reader.flows()
    settings = reader.settings()
  }
}

/// One published port, or one large range of ports.
package struct PublishFact: Hashable, Sendable {
  /// What clients dial.
  package let port: PublishedPort
  /// Where they get to, as `web 172.18.0.10`.
  let target: PublishTarget
  /// Who may use it and how often: `from 10.0.0.0/8`; empty for everybody.
  let terms: String
  let location: String?
}

/// A network's setting, or another that holds by itself.
package struct SettingFact: Hashable, Sendable {
  /// What it is a setting of, with its name: at most one fact has it.
  let key: String
  let words: String
  let location: String?
}

/// One flow that a line judges.
package struct FlowFact: Hashable, Sendable {
  struct Content: Hashable {
    let verb: String
    let source: String
    let destination: String
    /// Empty for everything.
    let service: String
    let clauses: String
  }

  let content: Content
  let location: String?
}
