import NetworkTypes

/// The ruleset in words that belong to no tool: for eyes, golden files and comparisons.
///
/// Equal rulesets give equal text; the order is that of the ruleset itself.
/// - Complexity: linear in the length of the result.
package func dump(_ ruleset: Ruleset) -> String {
  var dumper = Dumper()
  for table in ruleset.tables { dumper.write(table) }
  return String(decoding: dumper.text.bytes, as: UTF8.self)
}

/// Writes tables line by line.
struct Dumper {
  var text = TextBuffer()

  mutating func write(_ table: Table) {
    if text.count > 0 { text.append(UInt8(ascii: "\n")) }
    text.append("table \(table.family.rawValue) \(table.name)")
    writeNote(nil, table.comment)
    for set in table.sets { write(set) }
    for map in table.verdictMaps { write(map) }
    for map in table.addressMaps { write(map) }
    for chain in table.chains { write(chain) }
  }

  mutating func write(_ set: NamedSet) {
    text.append("\n  set \(set.name): \(set.content.summary)")
    writeNote(set.origin, nil)
    switch set.content {
    case .addresses(_, let ranges):
      for range in ranges {
        text.append("    ")
        text.append(range)
        text.append(UInt8(ascii: "\n"))
      }
    case .interfaces(let names):
      for name in names { text.append("    \(name)\n") }
    case .flows, .learnedInterfaces, .meter: break
    }
  }

  mutating func write(_ map: VerdictMap) {
    text.append("\n  map \(map.name): \(map.fields.summary) -> verdict\n")
    for element in map.elements {
      writeKey(element.key)
      text.append(element.verdict.words)
      writeNote(element.origin, nil)
    }
  }

  mutating func write(_ map: AddressMap) {
    let transport = map.transport.map { " of \($0)" } ?? ""
    let target = map.rewritesPort ? "address and port" : "address"
    text.append(
      "\n  map \(map.name): \(map.fields.summary)\(transport) -> \(map.family.words) \(target)\n")
    for element in map.elements {
      writeKey(element.key)
      text.append(element.address)
      if let port = element.port {
        text.append(" port ")
        text.append(decimal: UInt64(port))
      }
      writeNote(element.origin, nil)
    }
  }

  private mutating func writeKey(_ key: ElementKey) {
    text.append("    ")
    for index in key.indices {
      if index > 0 { text.append(" . ") }
      switch key[index] {
      case .interface(let name): text.append(name.text)
      case .address(let address): text.append(address)
      case .transport(let transport): text.append(transport.description)
      case .ports(let ports): text.append(ports)
      }
    }
    text.append(" -> ")
  }

  mutating func write(_ chain: Chain) {
    text.append("\n  chain \(chain.name)")
    if case .base(let base) = chain.kind {
      text.append(": \(base.purpose.rawValue) at \(base.hook.rawValue), priority \(base.priority)")
    }
    text.append(UInt8(ascii: "\n"))
    for rule in chain.rules { write(rule) }
  }

  private mutating func write(_ rule: Rule) {
    text.append("    ")
    if rule.matches.isEmpty { text.append("always") }
    for index in rule.matches.indices {
      if index > 0 { text.append(", ") }
      text.append(rule.matches[index].words)
    }
    text.append(" => ")
    for index in rule.actions.indices {
      if index > 0 { text.append(", ") }
      text.append(rule.actions[index].words)
    }
    writeNote(rule.origin, rule.comment)
  }

  /// `  # place: why` where there is any of it, and the end of the line.
  private mutating func writeNote(_ origin: Origin?, _ why: String?) {
    if origin != nil || why != nil { text.append("  # ") }
    if let origin { text.append(origin.location) }
    if origin != nil, why != nil { text.append(": ") }
    if let why { text.append(why) }
    text.append(UInt8(ascii: "\n"))
  }
}
