/// What differs between two rulesets, in a policy's own words.
package struct PolicyChanges: Hashable, Sendable {
  /// By subject; publishes by protocol, address and port, what else there is by its words.
  package private(set) var list: [PolicyChange] = []
  /// The ports that lead elsewhere now, or nowhere.
  package private(set) var cut: [CutPublish] = []

  /// No difference.
  package init() {}

  package init(from old: Facts, to new: Facts, names: PeerNames) {
    let oldSettings = SettingIndex(old.settings)
    let newSettings = SettingIndex(new.settings)
    list += oldSettings.changes(to: newSettings)
    let publishes = PublishComparison(from: old.publishes, to: new.publishes, names: names)
    list += publishes.changes
    cut = publishes.cut
    list += flowChanges(from: old.flows, to: new.flows)
  }

  /// Whether a policy has words for no difference.
  package var isEmpty: Bool { list.isEmpty }
}

/// Settings by what they are settings of.
private struct SettingIndex {
  private let facts: [SettingFact]
  private let byKey: [String: SettingFact]

  init(_ facts: [SettingFact]) {
    self.facts = facts
    byKey = Dictionary(facts.map { ($0.key, $0) }) { first, _ in first }
  }

  func changes(to new: SettingIndex) -> [PolicyChange] {
    let gone = facts.filter { new.byKey[$0.key] == nil }
    let others = new.facts.filter { byKey[$0.key]?.words != $0.words }
    return
      (gone.map { ($0.words, change($0, nil)) }
      + others.map { ($0.words, change(byKey[$0.key], $0)) })
      .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }.map(\.1)
  }

  private func change(_ before: SettingFact?, _ after: SettingFact?) -> PolicyChange {
    PolicyChange(
      subject: .network,
      before: before.map { PolicyChange.Side(words: $0.words, location: $0.location) },
      after: after.map { PolicyChange.Side(words: $0.words, location: $0.location) })
  }
}
