package import NetworkTypes

/// Reads what iptables-save or ip6tables-save printed, of either variant, with counters or without.
///
/// Chains of others are passed over. A line of ours that we would not print is kept as
/// ``OwnLine/foreign(_:)``.
/// - Complexity: linear in the length of `text`, but for the sorting of chains.
package func readSaveText(
  _ text: [UInt8], family: AddressFamily
) throws(SaveTextError) -> OwnRuleset {
  var reader = SaveReader(family: family)
  for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
    try reader.read(line)
  }
  return try reader.finish()
}

/// What names of our chains begin with.
let ownChainPrefix = "BW-"

/// Takes lines one by one.
struct SaveReader {
  private enum Place {
    case outside
    case inside(TableName)
    /// A table that has nothing of ours.
    case elsewhere
  }

  private var result: OwnRuleset
  private var place = Place.outside
  private var number = 0
  private var indices: [String: Int] = [:]

  init(family: AddressFamily) { result = OwnRuleset(family) }

  mutating func read(_ line: ArraySlice<UInt8>) throws(SaveTextError) {
    number += 1
    var line = line
    // However many: what is kept of a line is read again.
    while line.last == UInt8(ascii: "\r") { line.removeLast() }
    switch line.first {
    case nil: return
    case UInt8(ascii: "#"): try readRemark(line)
    case UInt8(ascii: "*"): try openTable(line)
    case UInt8(ascii: ":"): try readChain(line)
    case UInt8(ascii: "["), UInt8(ascii: "-"): try readRule(line)
    default:
      guard line.elementsEqual("COMMIT".utf8) else { throw error(.unreadable) }
      guard isInside else { throw error(.outsideTable) }
      place = .outside
    }
  }

  consuming func finish() throws(SaveTextError) -> OwnRuleset {
    if isInside { throw error(.truncated) }
    for table in result.tables.indices {
      result.tables[table].chains.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      result.tables[table].calls = result.tables[table].calls.inOrder
    }
    return result
  }

  private var isInside: Bool {
    switch place {
    case .outside: false
    case .inside, .elsewhere: true
    }
  }

  private func error(_ problem: SaveTextError.Problem) -> SaveTextError {
    SaveTextError(line: number, problem: problem)
  }

  /// `# Table `filter' is incompatible, use 'nft' tool.`
  private func readRemark(_ line: ArraySlice<UInt8>) throws(SaveTextError) {
    let text = String(decoding: line, as: UTF8.self)
    guard text.hasPrefix("# Table `"), text.contains("is incompatible") else { return }
    let name = text.dropFirst("# Table `".count).prefix { $0 != "'" }
    if TableName(rawValue: String(name)) != nil { throw error(.incompatible(String(name))) }
  }

  private mutating func openTable(_ line: ArraySlice<UInt8>) throws(SaveTextError) {
    if isInside { throw error(.nestedTable) }
    let name = TableName(rawValue: String(decoding: line.dropFirst(), as: UTF8.self))
    place = name.map { .inside($0) } ?? .elsewhere
    // A table may be shown in parts; its chains are there once all the same.
    indices = [:]
    guard let name else { return }
    for (index, chain) in result[name].chains.enumerated() { indices[chain.name] = index }
  }

  private mutating func readChain(_ line: ArraySlice<UInt8>) throws(SaveTextError) {
    if !isInside { throw error(.outsideTable) }
    let word = line.dropFirst().prefix { $0 != UInt8(ascii: " ") }
    if word.isEmpty { throw error(.unreadable) }
    guard word.starts(with: ownChainPrefix.utf8) else { return }
    let name = String(decoding: word, as: UTF8.self)
    switch place {
    case .outside: return
    case .elsewhere: result.strays.append(String(decoding: line, as: UTF8.self))
    case .inside(let table):
      guard indices.updateValue(result[table].chains.count, forKey: name) == nil else {
        throw error(.repeatedChain(name))
      }
      result[table].chains.append(OwnChain(name: name, lines: []))
    }
  }

  private mutating func readRule(_ line: ArraySlice<UInt8>) throws(SaveTextError) {
    if !isInside { throw error(.outsideTable) }
    var rest = line
    if rest.first == UInt8(ascii: "[") {
      // The counters of `-c`.
      guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { throw error(.unreadable) }
      rest = rest[(end + 1)...].drop { $0 == UInt8(ascii: " ") }
    }
    guard rest.starts(with: "-A ".utf8) else { throw error(.unreadable) }
    let spec = rest.dropFirst(3)
    let name = spec.prefix { $0 != UInt8(ascii: " ") }
    let body = spec[name.endIndex...].drop { $0 == UInt8(ascii: " ") }
    if name.isEmpty { throw error(.unreadable) }
    let isOwn = name.starts(with: ownChainPrefix.utf8)
    guard isOwn || body.mentionsOwnChain else { return }
    switch place {
    case .outside: return
    case .elsewhere: result.strays.append(String(decoding: rest, as: UTF8.self))
    case .inside(let table):
      let words = try SaveWords(body, number: number)
      let chain = String(decoding: name, as: UTF8.self)
      if isOwn {
        try add(words, String(decoding: body, as: UTF8.self), to: chain, table)
      } else {
        addCall(words, String(decoding: spec, as: UTF8.self), from: chain, table)
      }
    }
  }

  private mutating func add(
    _ words: SaveWords, _ text: String, to chain: String, _ table: TableName
  ) throws(SaveTextError) {
    guard let index = indices[chain] else { throw error(.unknownChain(chain)) }
    var reader = RuleReader(words, family: result.family)
    let line = reader.rule().map(OwnLine.rule) ?? .foreign(text)
    result[table].chains[index].lines.append(line)
  }

  private mutating func addCall(
    _ words: SaveWords, _ text: String, from chain: String, _ table: TableName
  ) {
    var words = words
    guard words.take("-j"), let target = words.take() else {
      if words.leadsToOwnChain { result[table].strayCalls.append(text) }
      return
    }
    guard target.hasPrefix(ownChainPrefix) else { return }
    if words.isAtEnd, let builtin = BuiltinChain(rawValue: chain) {
      result[table].calls.append(IptablesHook(table: table, builtin: builtin, chain: target))
    } else {
      result[table].strayCalls.append(text)
    }
  }
}

extension SaveWords {
  /// Whether one of the words left sends packets to a chain of ours.
  fileprivate var leadsToOwnChain: Bool {
    var rest = self
    while let word = rest.take() {
      if word == "-j" || word == "-g", rest.take()?.hasPrefix(ownChainPrefix) == true {
        return true
      }
    }
    return false
  }
}

extension ArraySlice<UInt8> {
  /// Whether `-j BW-` or `-g BW-` stands anywhere, be it in a comment.
  fileprivate var mentionsOwnChain: Bool {
    var rest = self
    while let dash = rest.firstIndex(of: UInt8(ascii: "-")) {
      rest = rest[(dash + 1)...]
      if rest.starts(with: "j BW-".utf8) || rest.starts(with: "g BW-".utf8) { return true }
    }
    return false
  }
}

extension [IptablesHook] {
  /// By built-in chain; calls of one chain as they stand.
  var inOrder: [IptablesHook] {
    BuiltinChain.allCases.flatMap { builtin in filter { $0.builtin == builtin } }
  }
}
