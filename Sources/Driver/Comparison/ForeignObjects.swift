import KernelForm
import Netfilter
import NftablesBackend

/// What stands in our tables, is not wanted, and was made by no policy of ours: what this program
/// has no words for, and what does not say where it comes from or what it is for.
struct ForeignObjects {
  private(set) var list: [String]

  init(_ standing: DecodedRuleset, in live: KernelRuleset, wanted: Ruleset) {
    list = standing.leftovers.map(\.words)
    for table in standing.ruleset.tables {
      addRules(of: table, wanted: wanted.table(table.family))
    }
    for table in live.tables {
      for set in table.sets where set.foreignElementCount > 0 {
        let count = set.foreignElementCount
        let elements = count == 1 ? "an element" : "\(count) elements"
        list.append(
          "table \(table.family.rawValue), map \(set.name): \(elements) without a comment")
      }
    }
  }

  private mutating func addRules(of table: Table, wanted: Table?) {
    let wantedChains = Dictionary((wanted?.chains ?? []).map { ($0.name, $0) }) { first, _ in first
    }
    for chain in table.chains where !["denied", "rejected", "remember"].contains(chain.name) {
      let known = Set(wantedChains[chain.name]?.rules ?? [])
      for rule in chain.rules where rule.isMute && !known.contains(rule) {
        list.append(
          "table \(table.family.rawValue), chain \(chain.name): "
            + NftListing.words(of: rule, in: table))
      }
    }
  }
}

extension Leftover {
  fileprivate var words: String {
    var place = "table \(table.family.rawValue)"
    if let chain { place += ", chain \(chain)" }
    return handle.map { "\(place): a rule with \(what) (handle \($0))" } ?? "\(place): \(what)"
  }
}

extension Rule {
  /// Whether the rule neither says what it is for nor leads to where that is said, as all of ours
  /// do.
  fileprivate var isMute: Bool {
    guard origin == nil, comment == nil else { return false }
    return actions.allSatisfy { action in
      switch action {
      case .verdict(.accept), .verdict(.drop), .verdict(.return), .reject, .counter, .log,
        .setMark, .sourceNAT, .masquerade, .clampMSS, .fixChecksum, .destinationNAT(.address):
        true
      case .verdict(.jump), .verdict(.goto), .dispatch, .destinationNAT(.map), .remember,
        .learnOutputInterface:
        false
      }
    }
  }
}

extension KernelSet {
  /// Lines ask for the elements of all our maps but two, which follow from the networks.
  fileprivate var foreignElementCount: Int {
    guard flags.contains(.map), !flags.contains(.anonymous), name != "hairpin",
      name != "same-bridge"
    else { return 0 }
    return (0..<elements.count).count { index in
      elements.comment(at: index).isEmpty && !elements.endsInterval(at: index)
    }
  }
}
