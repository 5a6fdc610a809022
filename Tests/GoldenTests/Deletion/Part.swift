import Evaluation
import Netfilter

/// One thing of a program that can be left out; everything is named by where it stands.
enum Part: Hashable, Sendable {
  case rule(table: Int, chain: Int, rule: Int)
  /// All rules of a chain, and the place where the network stack calls it.
  case chain(table: Int, chain: Int)
  /// An element of a verdict map.
  case verdict(table: Int, map: Int, element: Int)
  /// An element of an address map.
  case translation(table: Int, map: Int, element: Int)
  /// An element of a set.
  case member(table: Int, set: Int, element: Int)

  var table: Int {
    switch self {
    case .rule(let table, _, _), .chain(let table, _), .verdict(let table, _, _),
      .translation(let table, _, _), .member(let table, _, _):
      table
    }
  }

  /// A number that hardly any other part of the program has.
  var number: UInt64 {
    let (kind, place, index) =
      switch self {
      case .rule(_, let chain, let rule): (1, chain, rule)
      case .chain(_, let chain): (2, chain, 0)
      case .verdict(_, let map, let element): (3, map, element)
      case .translation(_, let map, let element): (4, map, element)
      case .member(_, let set, let element): (5, set, element)
      }
    return UInt64(table * 8 + kind) << 40 + UInt64(place) << 20 + UInt64(index)
  }

  var isElement: Bool {
    switch self {
    case .rule, .chain: false
    case .verdict, .translation, .member: true
    }
  }
}

extension Program {
  /// Everything that can be left out: chains come last, when what shows their rules is known.
  var parts: [Part] {
    tables.indices.flatMap { table in rules(table) + elements(table) + chains(table) }
  }

  private func rules(_ table: Int) -> [Part] {
    tables[table].chains.indices.flatMap { chain in
      (0..<tables[table].chains[chain].rules.number).map {
        .rule(table: table, chain: chain, rule: $0)
      }
    }
  }

  private func chains(_ table: Int) -> [Part] {
    tables[table].chains.indices.map { .chain(table: table, chain: $0) }
  }

  private func elements(_ table: Int) -> [Part] {
    let content = tables[table]
    return content.verdictMaps.indices.flatMap { map in
      content.verdictMaps[map].elements.indices.map {
        Part.verdict(table: table, map: map, element: $0)
      }
    }
      + content.addressMaps.indices.flatMap { map in
        content.addressMaps[map].elements.indices.map {
          Part.translation(table: table, map: map, element: $0)
        }
      }
      + content.sets.indices.flatMap { set in
        (0..<content.sets[set].size).map { Part.member(table: table, set: set, element: $0) }
      }
  }

  /// The program without that part.
  func without(_ part: Part) -> Program {
    var result = self
    switch part {
    case .rule(let table, let chain, let rule):
      result.tables[table].chains[chain].rules.remove(at: rule)
    case .chain(let table, let chain):
      result.tables[table].chains[chain].base = nil
      result.tables[table].chains[chain].rules = .ruleset([])
    case .verdict(let table, let map, let element):
      result.tables[table].verdictMaps[map].elements.remove(at: element)
    case .translation(let table, let map, let element):
      result.tables[table].addressMaps[map].elements.remove(at: element)
    case .member(let table, let set, let element):
      result.tables[table].sets[set].remove(at: element)
    }
    return result
  }
}

extension Program.Rules {
  var number: Int {
    switch self {
    case .ruleset(let rules): rules.count
    case .program(let rules): rules.count
    }
  }

  /// The rule there, in the form that can say everything.
  subscript(index: Int) -> Program.Rule {
    switch self {
    case .ruleset(let rules):
      Program.Rule(
        rules[index].matches.map { .match($0) }, rules[index].actions.map { .action($0) },
        origin: rules[index].origin, comment: rules[index].comment)
    case .program(let rules): rules[index]
    }
  }

  fileprivate mutating func remove(at index: Int) {
    switch self {
    case .ruleset(var rules):
      rules.remove(at: index)
      self = .ruleset(rules)
    case .program(var rules):
      rules.remove(at: index)
      self = .program(rules)
    }
  }

  /// The same rules with one of them once more, at the end of the chain or before its last rule.
  mutating func insert(copyOf index: Int, at place: Int) {
    switch self {
    case .ruleset(var rules):
      rules.insert(rules[index], at: place)
      self = .ruleset(rules)
    case .program(var rules):
      rules.insert(rules[index], at: place)
      self = .program(rules)
    }
  }
}

extension NamedSet {
  /// How many elements are listed; those that packets put there are not.
  fileprivate var size: Int {
    switch content {
    case .addresses(_, let ranges): ranges.count
    case .interfaces(let names): names.count
    case .flows, .learnedInterfaces, .meter: 0
    }
  }

  fileprivate mutating func remove(at index: Int) {
    switch content {
    case .addresses(let family, var ranges):
      ranges.remove(at: index)
      content = .addresses(family, ranges)
    case .interfaces(var names):
      names.remove(at: index)
      content = .interfaces(names)
    case .flows, .learnedInterfaces, .meter: break
    }
  }
}
