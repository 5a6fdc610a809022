import IptablesBackend
import Netfilter
import NetworkTypes

/// Reads the whole of what iptables-save shows, others' chains above all.
///
/// What is not understood becomes a condition or effect that says so.
func foreignTables(
  _ text: [UInt8], _ family: AddressFamily, _ tool: ForeignTable.Tool
) throws(SaveTextError) -> [ForeignTable] {
  var tables: [ForeignTable] = []
  var indices: [String: Int] = [:]
  for (number, line) in text.split(
    separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
  ).enumerated() {
    switch line.first {
    case UInt8(ascii: "*"):
      let name = String(decoding: line.dropFirst(), as: UTF8.self)
      let prefix = family == .ipv4 ? "ip" : "ip6"
      tables.append(ForeignTable(tool: tool, name: "\(prefix) \(name)", families: [family]))
      indices = [:]
    case UInt8(ascii: ":"):
      let words = line.dropFirst().split(separator: UInt8(ascii: " ")).map {
        String(decoding: $0, as: UTF8.self)
      }
      guard let last = tables.indices.last, words.count >= 2 else { continue }
      indices[words[0]] = tables[last].chains.count
      let base = ForeignChain.Base(
        builtin: words[0], table: tables[last].name, drops: words[1] == "DROP")
      tables[last].chains.append(ForeignChain(name: words[0], base: base))
    case UInt8(ascii: "-"):
      guard let last = tables.indices.last else { continue }
      var words = try SaveWords(line, number: number + 1)
      guard words.take("-A"), let chain = words.take(), let index = indices[chain] else { continue }
      let shown = String(decoding: line, as: UTF8.self)
      var reader = ForeignRuleReader(words, family)
      tables[last].chains[index].rules.append(reader.rule(shown))
    default: continue
    }
  }
  guard let ours = try? readSaveText(text, family: family) else { return tables }
  for index in tables.indices {
    let name = tables[index].name.split(separator: " ").last.flatMap {
      TableName(rawValue: String($0))
    }
    if let name { tables[index].own = ours[name].chains }
  }
  return tables
}

extension ForeignChain.Base {
  /// `nil` for chains that are not built in.
  fileprivate init?(builtin: String, table: String, drops: Bool) {
    let hook: Hook
    switch builtin {
    case "PREROUTING": hook = .prerouting
    case "INPUT": hook = .input
    case "FORWARD": hook = .forward
    case "OUTPUT": hook = .output
    case "POSTROUTING": hook = .postrouting
    default: return nil
    }
    self.hook = hook
    self.drops = drops
    purpose = table.hasSuffix(" nat") ? .nat : .filter
    switch table.split(separator: " ").last {
    case "raw": priority = -300
    case "mangle": priority = -150
    case "nat": priority = hook == .postrouting || hook == .input ? 100 : -100
    case "security": priority = 50
    case .some, nil: priority = 0
    }
  }
}

/// Reads one rule of iptables-save.
private struct ForeignRuleReader {
  private var words: SaveWords
  private let family: AddressFamily
  private var conditions: [ForeignCondition] = []

  init(_ words: SaveWords, _ family: AddressFamily) {
    self.words = words
    self.family = family
  }

  mutating func rule(_ text: String) -> ForeignRule {
    var effect = ForeignEffect.none
    while let word = words.peeked {
      if word == "-j" || word == "-g" {
        effect = target()
        break
      }
      readCondition()
    }
    return ForeignRule(text: text, conditions: conditions, effect: effect)
  }

  private mutating func target() -> ForeignEffect {
    let isGoto = words.take() == "-g"
    guard let name = words.take() else { return .none }
    if isGoto { return .goto(name) }
    switch name {
    case "ACCEPT": return .accept
    case "DROP": return .drop(rejects: false)
    case "REJECT": return .drop(rejects: true)
    case "RETURN": return .return
    case "LOG", "NFLOG", "ULOG", "MARK", "CONNMARK", "TCPMSS", "CT", "CLASSIFY", "TRACE", "SET",
      "DSCP", "TOS", "TTL", "HL", "CHECKSUM", "NOTRACK", "AUDIT", "SECMARK", "CONNSECMARK":
      return .none
    case "DNAT": return .redirect(newDestination())
    case "REDIRECT": return .redirect(nil)
    case "MASQUERADE": return .rewrite(.masquerade)
    case "SNAT": return .rewrite(.address(newSource()))
    case "NFQUEUE", "QUEUE", "TPROXY", "TEE", "SYNPROXY", "TARPIT", "RATEEST", "NETMAP":
      return .unknown(name)
    default: return .jump(name)
    }
  }

  /// `--to-destination ADDRESS[:PORT]`; `nil` for ranges and whatever else there may be.
  private mutating func newDestination() -> NewDestination? {
    guard words.take("--to-destination"), let word = words.take(), words.peeked == nil else {
      return nil
    }
    if let address = IPAddress(word) { return NewDestination(address: address, port: nil) }
    guard let colon = word.lastIndex(of: ":"),
      let port = UInt16(word[word.index(after: colon)...])
    else { return nil }
    var text = word[..<colon]
    if family == .ipv6 {
      guard text.first == "[", text.last == "]" else { return nil }
      text = text.dropFirst().dropLast()
    }
    return IPAddress(String(text)).map { NewDestination(address: $0, port: port) }
  }

  /// `--to-source FIRST[-LAST][:PORTS]`; `nil` where it is not understood.
  private mutating func newSource() -> AddressRange? {
    guard words.take("--to-source"), let word = words.take() else { return nil }
    var text = word[...]
    if family == .ipv4 {
      text = text.prefix { $0 != ":" }
    } else if text.first == "[" {
      text = text.dropFirst().prefix { $0 != "]" }
    }
    let ends = text.split(separator: "-").map { IPAddress(String($0)) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else {
      return nil
    }
    return AddressRange(first, last)
  }

  private mutating func readCondition() {
    let negated = words.take("!")
    guard let option = words.take() else { return }
    switch option {
    case "-i": add { .input([Self.wildcard($0)], negated: negated) }
    case "-o": add { .output([Self.wildcard($0)], negated: negated) }
    case "-s": addAddress(.source, negated)
    case "-d": addAddress(.destination, negated)
    case "-p":
      guard let word = words.take(), word != "all" else { return }
      conditions.append(
        iptablesTransport(word).map { .transport([$0], negated: negated) } ?? .unknown(word))
    case "-m":
      if let module = words.take() { readModule(module) }
    default: skip(option)
    }
  }

  private mutating func add(_ condition: (String) -> ForeignCondition) {
    if let word = words.take() { conditions.append(condition(word)) }
  }

  private static func wildcard(_ word: String) -> String {
    word.hasSuffix("+") ? word.dropLast() + "*" : word
  }

  private mutating func addAddress(_ side: ForeignCondition.Side, _ negated: Bool) {
    guard let word = words.take() else { return }
    if let prefix = AddressPrefix(word) {
      conditions.append(.address(side, [AddressRange(prefix)], negated: negated))
    } else {
      // A mask with holes.
      conditions.append(.unknown(word))
    }
  }

  private mutating func readModule(_ module: String) {
    if module == "comment" {
      _ = words.take("--comment")
      _ = words.take()
      return
    }
    if words.peeked.map(isEndOfModule) ?? true { return }
    while let word = words.peeked, !isEndOfModule(word) {
      let negated = words.take("!")
      guard let option = words.take() else { return }
      readOption(option, negated, module)
    }
  }

  private func isEndOfModule(_ word: String) -> Bool {
    ["-m", "-j", "-g", "-i", "-o", "-s", "-d", "-p"].contains(word)
  }

  private mutating func readOption(_ option: String, _ negated: Bool, _ module: String) {
    switch (module, option) {
    case (_, "--dport"), (_, "--dports"): addPorts(.destination, negated)
    case (_, "--sport"), (_, "--sports"): addPorts(.source, negated)
    case ("conntrack", "--ctstate"), ("state", "--state"): addStates(negated)
    case ("addrtype", "--dst-type"): addKinds(.destination, negated)
    case ("addrtype", "--src-type"): addKinds(.source, negated)
    case ("iprange", "--src-range"): addRange(.source, negated)
    case ("iprange", "--dst-range"): addRange(.destination, negated)
    case ("conntrack", "--ctdir"):
      // Every sample is the first packet of its connection.
      guard let way = words.take() else { return }
      conditions.append(
        (way == "ORIGINAL") != negated ? .family(family) : .transport([], negated: false))
    case ("rt", _):
      // No sample has a routing header.
      skip(option)
      conditions[conditions.count - 1] = .transport([], negated: false)
    default: skip("\(module) \(option)")
    }
  }

  private mutating func addPorts(_ side: ForeignCondition.Side, _ negated: Bool) {
    guard let list = words.take() else { return }
    let ranges = list.split(separator: ",").compactMap { part -> PortRange? in
      let ends = part.split(separator: ":").compactMap { UInt16($0) }
      guard let first = ends.first, let last = ends.last, first <= last else { return nil }
      return PortRange(first, last)
    }
    conditions.append(
      ranges.count == list.split(separator: ",").count
        ? .port(side, ranges, negated: negated) : .unknown(list))
  }

  private mutating func addStates(_ negated: Bool) {
    guard let list = words.take() else { return }
    let names = Set(list.split(separator: ",").map { $0.lowercased() })
    if names == ["dnat"] {
      conditions.append(.translated(!negated))
    } else if names.isDisjoint(with: ["dnat", "snat"]) {
      conditions.append(.state(names, negated: negated))
    } else {
      conditions.append(.unknown("--ctstate \(list)"))
    }
  }

  private mutating func addKinds(_ side: ForeignCondition.Side, _ negated: Bool) {
    guard let list = words.take() else { return }
    conditions.append(
      .kind(side, Set(list.split(separator: ",").map { $0.lowercased() }), negated: negated))
  }

  private mutating func addRange(_ side: ForeignCondition.Side, _ negated: Bool) {
    guard let word = words.take() else { return }
    let ends = word.split(separator: "-").compactMap { IPAddress(String($0)) }
    let range = ends.count == 2 ? AddressRange(ends[0], ends[1]) : nil
    conditions.append(range.map { .address(side, [$0], negated: negated) } ?? .unknown(word))
  }

  /// Passes over what is not understood, with its values.
  private mutating func skip(_ option: String) {
    var text = option
    while let word = words.peeked, word != "!", !word.hasPrefix("-") {
      text += " \(word)"
      _ = words.take()
    }
    conditions.append(.unknown(text))
  }
}
