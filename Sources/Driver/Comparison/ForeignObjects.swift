import KernelForm
import Netfilter

/// What stands in our tables, is not wanted, and was made by no policy of ours: told by what is
/// missing, because whatever we make says where it comes from or what it is for.
struct ForeignObjects {
  private(set) var list: [String] = []

  init(in live: KernelRuleset, wanted: KernelRuleset) {
    for table in live.tables {
      let name = "table \(table.family.rawValue)"
      list += table.strangers.map { "\(name): \($0)" }
      if table.flags & KernelTable.dormantFlag != 0 {
        list.append("\(name): it is dormant, so that none of its rules is in force")
      }
      let wantedChains = Dictionary(
        (wanted.table(table.family)?.chains ?? []).map { ($0.name, $0) }
      ) { first, _ in first }
      for chain in table.chains {
        if !chain.policyAccepts {
          list.append("\(name), chain \(chain.name): its policy is drop")
        }
        let known = Set((wantedChains[chain.name]?.rules ?? []).map(\.expressions))
        for rule in chain.rules where rule.isForeign(in: chain) && !known.contains(rule.expressions)
        {
          let handle = rule.handle.map { " (handle \($0))" } ?? ""
          list.append("\(name), chain \(chain.name): \(rule.summary)\(handle)")
        }
      }
      for set in table.sets {
        let count = set.foreignElementCount
        guard count > 0 else { continue }
        list.append(
          "\(name), map \(set.name): \(count) \(count == 1 ? "element" : "elements") that "
            + "no line asked for")
      }
    }
  }
}

extension KernelRule {
  /// Our rules say what they are for, or only lead to where that is said.
  fileprivate func isForeign(in chain: KernelChain) -> Bool {
    if expressions.contains(where: \.isUnknown) { return true }
    if comment != nil || ["denied", "rejected", "remember"].contains(chain.name) { return false }
    return !expressions.contains(where: \.leadsElsewhere)
  }

  fileprivate var summary: String {
    comment.map { "a rule with the comment \"\($0)\"" } ?? "a rule without a comment"
  }
}

extension Expression {
  fileprivate var isUnknown: Bool { if case .other = self { true } else { false } }

  /// Whether packets go on elsewhere, by a jump or a map.
  fileprivate var leadsElsewhere: Bool {
    if case .verdict(.jump) = self { return true }
    if case .verdict(.goto) = self { return true }
    if case .lookup(_, _, .some, _) = self { return true }
    if case .dynamicSet = self { return true }
    return false
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
