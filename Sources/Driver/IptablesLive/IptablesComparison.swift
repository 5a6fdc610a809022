import IptablesBackend
package import NetworkTypes

/// What differs between our chains as they are and as they are wanted.
package struct IptablesComparison: Hashable, Sendable {
  /// What differs in one table of one family.
  package struct Table: Hashable, Sendable {
    package let family: AddressFamily
    /// `filter`, and so on.
    package let table: String
    /// Calls from built-in chains: the words after `iptables`, sorted as they stand.
    package let calls: [Change]
    /// Only chains that differ, by name.
    package let chains: [Chain]
  }

  /// What differs in one chain.
  package struct Chain: Hashable, Sendable {
    package let name: String
    package let fate: Fate
    /// From the first place to the last.
    package let changes: [Change]
  }

  /// What becomes of a chain.
  package enum Fate: String, Hashable, Sendable { case added, removed, changed }

  /// What becomes of a line, which is said in the words of iptables.
  package enum Change: Hashable, Sendable {
    case added(String)
    case removed(String)
    /// A line of the policy that says something else than before.
    case changed(from: String, to: String)
  }

  /// Only tables that differ: IPv4 first, then in the order of loading.
  package let tables: [Table]
  /// What somebody else put into our chains or says of them, each with its family and table.
  package let drift: [String]

  /// Whether nothing would be changed.
  package var isSame: Bool { tables.isEmpty }

  /// - Parameters:
  ///   - live: What is there.
  ///   - wanted: What is to be there.
  package init(from live: IptablesState, to wanted: IptablesState) {
    var tables: [Table] = []
    var drift: [String] = []
    for (old, new) in zip(live.rulesets, wanted.rulesets) {
      drift += old.strays.map { "IPv\(old.family.rawValue): \($0)" }
      for name in TableName.allCases {
        drift += old[name].driftLines(old.family)
        if let table = Table(old.family, from: old[name], to: new[name]) { tables.append(table) }
      }
    }
    self.tables = tables
    self.drift = drift
  }
}

extension OwnTable {
  /// What we would never have written.
  fileprivate func driftLines(_ family: AddressFamily) -> [String] {
    let place = "IPv\(family.rawValue) \(name.rawValue)"
    var result = strayCalls.map { "\(place): -A \($0)" }
    for chain in chains {
      for case .foreign(let text) in chain.lines {
        result.append("\(place): -A \(chain.name) \(text)")
      }
    }
    var seen: Set<IptablesHook> = []
    for call in calls where !seen.insert(call).inserted {
      result.append("\(place): -A \(call.builtin.rawValue) -j \(call.chain), once more")
    }
    return result
  }
}

extension IptablesComparison.Table {
  fileprivate init?(_ family: AddressFamily, from old: OwnTable, to new: OwnTable) {
    if old == new { return nil }
    self.family = family
    table = new.name.rawValue
    calls = Self.callChanges(from: old, to: new)
    let olds = Dictionary(old.chains.map { ($0.name, $0) }) { first, _ in first }
    let news = Dictionary(new.chains.map { ($0.name, $0) }) { first, _ in first }
    let names = Set(olds.keys).union(news.keys).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    chains = names.compactMap { name in
      IptablesComparison.Chain(name, family, from: olds[name], to: news[name])
    }
  }

  private static func callChanges(
    from old: OwnTable, to new: OwnTable
  ) -> [IptablesComparison.Change] {
    func text(_ call: IptablesHook) -> String { "\(call.builtin.rawValue) -j \(call.chain)" }
    let difference = new.calls.map(text).difference(from: old.calls.map(text))
    let gone = difference.removals.compactMap { change -> IptablesComparison.Change? in
      if case .remove(_, let text, _) = change { .removed(text) } else { nil }
    }
    let come = difference.insertions.compactMap { change -> IptablesComparison.Change? in
      if case .insert(_, let text, _) = change { .added(text) } else { nil }
    }
    let strays = old.strayCalls.filter { !new.strayCalls.contains($0) }
    return gone + strays.map { .removed($0) } + come
  }
}

extension IptablesComparison.Chain {
  fileprivate init?(
    _ name: String, _ family: AddressFamily, from old: OwnChain?, to new: OwnChain?
  ) {
    if old == new { return nil }
    self.name = name
    switch (old, new) {
    case (let old?, let new?):
      fate = .changed
      changes = old.hunks(to: new).flatMap { hunk in
        Self.changes(Array(old.lines[hunk.old]), Array(new.lines[hunk.new]), family)
      }
    case (let old?, nil):
      fate = .removed
      changes = old.lines.map { .removed($0.text(family)) }
    case (nil, let new):
      fate = .added
      changes = (new?.lines ?? []).map { .added($0.text(family)) }
    }
  }

  /// Pairs what bears the same remark, one after the other.
  private static func changes(
    _ old: [OwnLine], _ new: [OwnLine], _ family: AddressFamily
  ) -> [IptablesComparison.Change] {
    var result: [IptablesComparison.Change] = []
    var next = 0
    for line in old {
      if let remark = line.remark,
        let match = new[next...].firstIndex(where: { $0.remark == remark })
      {
        result += new[next..<match].map { .added($0.text(family)) }
        result.append(.changed(from: line.text(family), to: new[match].text(family)))
        next = match + 1
      } else {
        result.append(.removed(line.text(family)))
      }
    }
    return result + new[next...].map { .added($0.text(family)) }
  }
}

extension OwnLine {
  /// Where the line comes from and what it is for.
  fileprivate var remark: String? {
    switch self {
    case .rule(let rule): rule.comment
    case .foreign: nil
    }
  }
}
