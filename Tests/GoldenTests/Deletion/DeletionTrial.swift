import Evaluation
import Netfilter
import NetworkTypes

/// Leaves out the parts of a program one by one, and looks for a talk that then goes another way.
struct DeletionTrial {
  /// What tells that a part is missing.
  enum Sign: Hashable {
    /// Another verdict, another address, another line in the log.
    case talk
    /// The same is denied, but counted elsewhere.
    case count
  }

  private let program: Program
  private var benches: [Bench]

  init(_ program: Program, _ laboratories: [Laboratory], seed: UInt64) {
    self.program = program
    let paths = RulePaths(program)
    benches = laboratories.map { Bench(program, paths, $0, seed: seed) }
  }

  /// What tells that the part is missing; `nil` where nothing does.
  ///
  /// - Parameter isListed: whether nothing is expected to tell: then less is tried.
  mutating func sign(of part: Part, isListed: Bool = false) -> Sign? {
    let altered = program.without(part)
    var hosts: [Evaluator] = []
    let counting = CountingRules(altered)
    for bench in benches { hosts.append(Evaluator(altered, bench.laboratory.topology)) }
    var isCounted = false
    for round in Round.all.prefix(isListed ? 2 : Round.all.count) {
      if isCounted, round.isVaried { break }
      for index in benches.indices {
        switch benches[index].compare(part, on: hosts[index], counting, round) {
        case .talk: return .talk
        case .count: isCounted = true
        case nil: break
        }
      }
    }
    return isCounted ? .count : nil
  }
}

/// How much is tried before somebody gives up.
struct Round: Hashable {
  /// How many known talks that meet the part.
  let known: Int
  /// How many new ones.
  let new: Int
  let isVaried: Bool

  static let all = [
    Round(known: 6, new: 4, isVaried: false), Round(known: 12, new: 16, isVaried: false),
    Round(known: 120, new: 1500, isVaried: true),
  ]
}

/// A host with the whole program, and the talks that were tried on it.
private struct Bench {
  let laboratory: Laboratory
  private let host: Evaluator
  private let names: PartNames
  private let counting: CountingRules
  private let seed: UInt64
  private var author: TalkAuthor
  private var talks: [Talk] = []
  private var hearings: [Hearing] = []
  private var known: [Talk: Int] = [:]
  private var meeting: [Part: [Int]] = [:]
  private var tried: Set<Int> = []
  private var triedPart: Part?
  private var isEverywhere = false
  private var routes: [RulePath] = []

  init(_ program: Program, _ paths: RulePaths, _ laboratory: Laboratory, seed: UInt64) {
    self.laboratory = laboratory
    self.seed = seed
    host = Evaluator(program, laboratory.topology)
    names = PartNames(program)
    counting = CountingRules(program)
    author = TalkAuthor(paths, laboratory, seed: seed)
  }

  mutating func compare(
    _ part: Part, on other: Evaluator, _ counting: CountingRules, _ round: Round
  ) -> DeletionTrial.Sign? {
    if triedPart != part {
      triedPart = part
      isEverywhere = host.program.isEverywhere(part)
      author.restart(part, seed: seed)
      tried = []
      routes = []
    }
    var isCounted = false
    func judge(_ index: Int, _ isCounted: inout Bool) -> Bool {
      let before = hearings[index]
      guard before.isDecided else { return false }
      let after = Hearing(talks[index], on: other, counting: counting)
      guard after.isDecided else { return false }
      if before.facts != after.facts { return true }
      if before.counts != after.counts { isCounted = true }
      return false
    }
    let old = (meeting[part] ?? []).filter { !tried.contains($0) }.prefix(round.known)
    for index in old {
      tried.insert(index)
      if judge(index, &isCounted) { return .talk }
    }
    if routes.isEmpty { routes = author.routes(to: part) }
    for number in 0..<round.new {
      guard let talk = newTalk(part, number, isVaried: round.isVaried) else { continue }
      let index = add(talk)
      guard !tried.contains(index) else { continue }
      tried.insert(index)
      guard meets(part, index) else { continue }
      if judge(index, &isCounted) { return .talk }
    }
    return isCounted ? .count : nil
  }

  private mutating func newTalk(_ part: Part, _ number: Int, isVaried: Bool) -> Talk? {
    let known = meeting[part] ?? []
    guard isVaried, number % 2 == 0, !known.isEmpty else {
      return author.talk(routes, number: number, isVaried: isVaried)
    }
    let working = known.filter { hearings[$0].hasArrived }
    let talk = number % 4 == 0 && !working.isEmpty ? working : known
    return author.variation(of: talks[talk[number * 31 % talk.count]])
  }

  private func meets(_ part: Part, _ index: Int) -> Bool {
    if isEverywhere { return true }
    return meeting[part]?.contains(index) ?? false
  }

  private mutating func add(_ talk: Talk) -> Int {
    if let index = known[talk] { return index }
    let hearing = Hearing(talk, on: host, counting: counting)
    let index = talks.count
    known[talk] = index
    talks.append(talk)
    hearings.append(hearing)
    for part in names.parts(hearing.steps) { meeting[part, default: []].append(index) }
    return index
  }
}

extension Program {
  /// Whether the part may matter to packets that do not meet it.
  fileprivate func isEverywhere(_ part: Part) -> Bool {
    switch part {
    case .member: return true
    case .rule(let table, let chain, let rule):
      return tables[table].chains[chain].rules[rule].learnedSet != nil
    case .chain(let table, let chain):
      let rules = tables[table].chains[chain].rules
      return (0..<rules.number).contains { rules[$0].learnedSet != nil }
    case .verdict, .translation: return false
    }
  }
}

/// Finds the parts that steps tell of.
private struct PartNames {
  private struct TableName: Hashable {
    let layer: Step.Layer
    let family: AddressFamily
    let name: String
  }

  private var tables: [TableName: Int] = [:]
  private var chains: [[String: Int]] = []
  private var verdictMaps: [[String: Int]] = []
  private var addressMaps: [[String: Int]] = []

  init(_ program: Program) {
    for (index, table) in program.tables.enumerated() {
      for family in AddressFamily.allCases {
        let layer: Step.Layer
        switch table.scope {
        case .frames: layer = .bridge
        case .packets(let families):
          guard families.contains(family) else { continue }
          layer = .host
        }
        tables[TableName(layer: layer, family: family, name: table.name)] = index
      }
      chains.append(Self.index(table.chains.map(\.name)))
      verdictMaps.append(Self.index(table.verdictMaps.map(\.name)))
      addressMaps.append(Self.index(table.addressMaps.map(\.name)))
    }
  }

  private static func index(_ names: [String]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  }

  func parts(_ steps: [(Step, AddressFamily)]) -> Set<Part> {
    var result: Set<Part> = []
    for (step, family) in steps {
      let name = TableName(layer: step.layer, family: family, name: step.table)
      guard let table = tables[name], let chain = chains[table][step.chain] else { continue }
      result.insert(.rule(table: table, chain: chain, rule: step.rule))
      result.insert(.chain(table: table, chain: chain))
      guard let element = step.element else { continue }
      if let map = verdictMaps[table][element.map] {
        result.insert(.verdict(table: table, map: map, element: element.index))
      } else if let map = addressMaps[table][element.map] {
        result.insert(.translation(table: table, map: map, element: element.index))
      }
    }
    return result
  }
}
