import IptablesBackend
import NetworkTypes

extension IptablesComparison {
  /// The comparison as lines: `-` for what goes, `+` for what comes, drift first.
  package var lines: [String] {
    var result = drift.map { "! \($0)" }
    for table in tables {
      let command = table.family == .ipv4 ? "iptables" : "ip6tables"
      for change in table.calls {
        result += change.lines("\(command) -t \(table.name.rawValue) -A ")
      }
      for chain in table.chains {
        result.append("\(command) -t \(table.name.rawValue) \(chain.name): \(chain.fate.rawValue)")
        for change in chain.changes { result += change.lines("  ") }
      }
    }
    return result
  }
}

extension IptablesComparison.Change {
  fileprivate func lines(_ prefix: String) -> [String] {
    switch self {
    case .added(let text): ["+ \(prefix)\(text)"]
    case .removed(let text): ["- \(prefix)\(text)"]
    case .changed(let old, let new): ["- \(prefix)\(old)", "+ \(prefix)\(new)"]
    }
  }
}
