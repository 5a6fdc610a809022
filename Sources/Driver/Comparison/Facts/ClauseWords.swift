import Netfilter

/// The clauses of a line, gathered from the rules that it became.
struct ClauseWords {
  private(set) var words: [String] = []

  mutating func read(_ rule: Rule) {
    for match in rule.matches {
      if case .limit(let limit) = match { add(limit.clause) }
      if case .connectionsOver(let count, let perSource, _) = match {
        add("connections \(count)" + (perSource ? " per source" : ""))
      }
    }
    for case .log(let prefix) in rule.actions { add("log \"\(prefix)\"") }
  }

  /// Whether no rule yet said how often.
  var isWithoutLimit: Bool { !words.contains { $0.hasPrefix("limit ") } }

  mutating func add(_ clause: String) {
    if !words.contains(clause) { words.append(clause) }
  }
}

extension Limit {
  /// `limit 5/minute burst 10 per source`
  var clause: String {
    let burst = self.burst == 5 ? "" : " burst \(self.burst)"
    return "limit \(count)/\(unit.rawValue)\(burst)\(perSourceMeter == nil ? "" : " per source")"
  }
}
