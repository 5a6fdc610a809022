import Netfilter
package import NetworkTypes

/// Our chains of one address family, in a form in which equal means the same to the kernel.
///
/// The kernel and iptables-save forget what a text said twice or in another order: so do these
/// values, whether they come from a ruleset or from iptables-save. In rules `origin` is `nil`, and
/// `comment` is the whole remark as printed.
package struct OwnRuleset: Hashable, Sendable {
  package let family: AddressFamily
  /// Every table that is used here, in the order of ``TableName``.
  package internal(set) var tables: [OwnTable]
  /// Lines about our chains at places where we never have any.
  package internal(set) var strays: [String]

  /// A ruleset without any chain.
  package init(_ family: AddressFamily) {
    self.family = family
    tables = TableName.allCases.map(OwnTable.init)
    strays = []
  }

  /// Whether there is nothing of ours.
  package var isEmpty: Bool {
    strays.isEmpty && tables.allSatisfy { $0.chains.isEmpty && $0.calls.isEmpty }
  }

  /// The table of that name.
  package internal(set) subscript(_ name: TableName) -> OwnTable {
    get { tables[name.order] }
    set { tables[name.order] = newValue }
  }
}

/// What one table has of ours.
package struct OwnTable: Hashable, Sendable {
  package let name: TableName
  /// By name, in the order of bytes.
  package internal(set) var chains: [OwnChain]
  /// The calls from built-in chains: by built-in chain, then as packets meet them.
  package internal(set) var calls: [IptablesHook]
  /// Other lines outside our chains that name them, without the `-A`.
  package internal(set) var strayCalls: [String]

  init(_ name: TableName) {
    self.name = name
    chains = []
    calls = []
    strayCalls = []
  }

  /// The chain of that name, if there is one.
  package subscript(_ name: String) -> OwnChain? { chains.first { $0.name == name } }
}

/// One chain of ours.
package struct OwnChain: Hashable, Sendable {
  package let name: String
  package internal(set) var lines: [OwnLine]
}

/// One line of a chain of ours.
package enum OwnLine: Hashable, Sendable {
  case rule(IptablesRule)
  /// What we would never print: somebody else's, as it stood, without the `-A CHAIN`.
  case foreign(String)

  /// The line as iptables takes it after `-A CHAIN`.
  package func text(_ family: AddressFamily) -> String {
    switch self {
    case .rule(let rule):
      var writer = RestoreWriter(family: family, capacity: 256)
      writer.writeRule(rule)
      return String(decoding: writer.text.bytes.dropFirst(), as: UTF8.self)
    case .foreign(let text): return text
    }
  }
}

extension TableName {
  /// The place in the order of loading.
  var order: Int {
    switch self {
    case .raw: 0
    case .mangle: 1
    case .filter: 2
    case .nat: 3
    }
  }
}
