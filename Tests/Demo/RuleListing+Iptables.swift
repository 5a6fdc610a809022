extension RuleListing {
  /// Reads `iptables-save -c` and `ip6tables-save -c`.
  init(iptables texts: [String]) {
    self.init()
    for (index, text) in texts.enumerated() {
      for line in text.split(separator: "\n") where line.hasPrefix("[") {
        add(line, of: index)
      }
    }
  }

  private mutating func add(_ line: Substring, of program: Int) {
    guard let end = line.firstIndex(of: "]"),
      let packets = Int(line.dropFirst().prefix { $0 != ":" }),
      let comment = Self.comment(in: line)
    else { return }
    let words = line.split(separator: " ")
    let jump = words.firstIndex { $0 == "-j" || $0 == "-g" }
    let target = jump.map { words[min($0 + 1, words.count - 1)] } ?? ""
    let effect: Effect? =
      switch target {
      case "DROP", "REJECT": .drop
      case "DNAT", "REDIRECT": .translate
      case "MASQUERADE", "SNAT": .masquerade
      case "ACCEPT", "RETURN": .accept
      default: nil
      }
    guard let effect else { return }
    let identity = "\(program) \(line[end...])"
    self.packets[Rule(identity: identity, effect: effect, comment: comment)] = packets
  }

  /// The comment of a rule, quoted where it holds blanks.
  private static func comment(in line: Substring) -> String? {
    guard let option = line.range(of: "--comment ") else { return nil }
    let rest = line[option.upperBound...]
    guard rest.first == "\"" else { return String(rest.prefix { $0 != " " }) }
    return String(rest.dropFirst().prefix { $0 != "\"" })
  }
}

extension Substring {
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
