package import KernelForm
import Netfilter
import PolicyTestSupport

/// Random tables from few names and few rules, so that any two of them have much in common.
package struct KernelRulesetGenerator {
  private var random: SeededGenerator

  package init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  package mutating func ruleset() -> KernelRuleset {
    var result = KernelRuleset()
    for family in TableFamily.allCases where !random.isOne(in: 8) {
      result.tables.append(table(family))
    }
    return result
  }

  /// The ruleset with a few rules, elements and comments changed.
  package mutating func variation(of ruleset: KernelRuleset) -> KernelRuleset {
    var result = ruleset
    for index in result.tables.indices {
      for chain in result.tables[index].chains.indices where random.isOne(in: 3) {
        var rules = result.tables[index].chains[chain].rules
        rules.shuffle(using: &random)
        for rule in rules.indices where random.isOne(in: 4) { rules[rule].comment = comment() }
        result.tables[index].chains[chain].rules = rules
      }
    }
    return result
  }

  private mutating func table(_ family: TableFamily) -> KernelTable {
    var table = KernelTable(family: family, name: "bridgeward", comment: "managed by bridgeward")
    let chains = (0..<6).filter { _ in !random.isOne(in: 3) }
    for name in ["a", "b", "c", "d"] where !random.isOne(in: 4) {
      table.sets.append(set(named: name, chains: chains))
    }
    for chain in chains {
      let kind: Chain.Kind =
        chain == 0
        ? .base(BaseChain(.filter, random.pick([.input, .output]), priority: random.pick([0, 5])))
        : .regular
      var rules: [KernelRule] = []
      for _ in 0..<Int.random(in: 0..<9, using: &random) {
        rules.append(rule(in: &table, callees: chains.filter { $0 > chain }))
      }
      table.chains.append(KernelChain("c\(chain)", kind, rules: rules))
    }
    return table
  }

  private mutating func set(named name: String, chains: [Int]) -> KernelSet {
    let kind = random.pick(["plain", "intervals", "verdicts", "data", "filled"])
    var elements = ElementTable(keyLength: 4, dataLength: kind == "data" ? 2 : 0)
    var flags: SetFlags = kind == "verdicts" || kind == "data" ? [.map] : []
    let callees = chains.filter { $0 > 0 }
    for key in UInt8(0)..<12 where random.isOne(in: 2) {
      let bytes = [10, 0, 0, key * 4]
      switch kind {
      case "plain": elements.append(key: bytes, comment: comment().utf8)
      case "intervals":
        elements.append(key: bytes, comment: comment().utf8)
        let end = [10, 0, 0, key * 4 + UInt8.random(in: 1...4, using: &random)]
        elements.append(key: end, comment: [], endsInterval: true)
      case "verdicts":
        let verdict =
          callees.isEmpty || random.isOne(in: 2)
          ? Verdict.drop : .jump("c\(random.pick(callees))")
        elements.append(key: bytes, verdict: verdict, comment: comment().utf8)
      case "data":
        let value = [0, UInt8.random(in: 80...82, using: &random)]
        elements.append(key: bytes, value: value, comment: comment().utf8)
      default: continue
      }
    }
    if kind == "intervals" { flags = [.interval] }
    if kind == "filled" { flags = [.dynamic] }
    var result = KernelSet(name, flags, keyType: 7, keyLength: 4, elements: elements)
    if kind == "verdicts" { result.dataType = KernelSet.verdictType }
    if kind == "data" { (result.dataType, result.dataLength) = (13, 2) }
    if kind == "plain" { result.size = random.pick([0, 0, 1024]) }
    return result
  }

  private mutating func rule(in table: inout KernelTable, callees: [Int]) -> KernelRule {
    var expressions: [Expression] = [
      .payload(.network, offset: 12, length: 4, into: .first)
    ]
    switch Int.random(in: 0..<4, using: &random) {
    case 0: expressions.append(anonymousLookup(in: &table))
    case 1:
      if let set = table.sets.filter({ !$0.flags.contains(.anonymous) }).randomElement(
        using: &random)
      {
        expressions.append(lookup(set))
      }
    default:
      let value = [10, 0, 0, UInt8.random(in: 1...3, using: &random)]
      expressions.append(.compare(.first, .equal, value: value))
    }
    expressions.append(
      .counter(packets: .random(in: 0..<9, using: &random), bytes: 0))
    if let callee = callees.randomElement(using: &random), random.isOne(in: 2) {
      expressions.append(.verdict(.jump("c\(callee)")))
    } else {
      expressions.append(.verdict(.accept))
    }
    return KernelRule(expressions, comment: random.isOne(in: 3) ? nil : comment())
  }

  private func lookup(_ set: KernelSet) -> Expression {
    if set.flags.contains(.dynamic) {
      return .dynamicSet(.update, set: set.name, key: .first, timeout: 0, Expressions([]))
    }
    return .lookup(
      set: set.name, key: .first, data: set.flags.contains(.map) ? .first : nil, inverted: false)
  }

  private mutating func anonymousLookup(in table: inout KernelTable) -> Expression {
    var elements = ElementTable(keyLength: 4)
    for key in UInt8(0)..<3 where random.isOne(in: 2) {
      elements.append(key: [10, 0, 0, key], comment: [])
    }
    let name = "__set\(table.sets.count)"
    table.sets.append(
      KernelSet(name, [.anonymous, .constant], keyType: 7, keyLength: 4, elements: elements))
    return .lookup(set: name, key: .first, data: nil, inverted: false)
  }

  private mutating func comment() -> String {
    "p.ward:\(Int.random(in: 1..<5, using: &random))"
  }
}
