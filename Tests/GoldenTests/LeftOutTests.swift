import Diagnostics
import Driver
import IptablesBackend
import Netfilter
import NetworkTypes
import PolicyModel
import Testing

/// Nothing is left out in silence: what iptables does not print has a finding, can match no packet
/// of the family, or does nothing to those that it matches.
@Suite struct LeftOutTests {
  @Test(arguments: try GoldenCase.all(), AddressFamily.allCases)
  func everyRuleIsPrintedOrTold(_ golden: GoldenCase, _ family: AddressFamily) throws {
    guard let ruleset = try GoldenCompiler(golden).compilation.ruleset,
      let table = ruleset.table(.inet)
    else { return }
    let numbered = NumberedTable(table)
    var tables = ruleset.tables
    tables[try #require(tables.firstIndex { $0.family == .inet })] = numbered.table
    let legalized = legalize(Ruleset(tables: tables), family: family, keepsIdle: true)
    let printed = legalized.tables.flatMap(\.chains).flatMap(\.rules).compactMap(\.origin?.line)
    let told = legalized.unsupported.compactMap(\.origin?.line)
    let seen = Set(printed + told)
    let absent = AbsentFlows(ruleset, numbered.table, family)
    #expect(!seen.isEmpty)
    for item in numbered.items where !seen.contains(item.number) {
      #expect(absent.explain(item), "\(item) is left out without a word")
    }
  }

  /// What has to do with frames is told of the line or of the setting of the network.
  @Test(arguments: try GoldenCase.all())
  func everyBridgeRuleIsTold(_ golden: GoldenCase) throws {
    let compilation = try GoldenCompiler(golden).compilation
    guard let bridge = compilation.ruleset?.table(.bridge) else { return }
    let told = Backend.iptables.findings(of: compilation).sorted
      .filter { $0.id == .enforceBridge || $0.id == .antispoofArp }
    #expect(told.allSatisfy { $0.span != nil && $0.severity != .note })
    let places = Set(told.compactMap(\.span))
    let networks = try #require(compilation.policy).networks
    let settings = networks.filter { network in
      [network.icc.span, network.antispoof.span].contains { $0.map(places.contains) ?? false }
    }
    // Ports are learned for the sake of the other rules.
    let rules = bridge.chains.flatMap(\.rules).filter { !$0.learns }
    for origin in rules.compactMap(\.origin) {
      #expect(places.contains(origin.span) || !settings.isEmpty, "\(origin.location)")
    }
  }
}

/// One rule or element, by a number that only it has.
struct NumberedItem: CustomStringConvertible {
  enum Content {
    case rule(Rule, chain: String)
    case verdict(VerdictMap.Element, map: String)
    case address(AddressMap.Element, map: String)
  }

  let number: UInt32
  let content: Content

  var description: String { "\(content)" }
}

/// A table in which every rule and element comes from a line of its own.
struct NumberedTable {
  private(set) var table: Table
  private(set) var items: [NumberedItem] = []

  init(_ original: Table) {
    table = original
    for index in table.chains.indices {
      for position in table.chains[index].rules.indices {
        let rule = original.chains[index].rules[position]
        table.chains[index].rules[position].origin = add(
          .rule(rule, chain: table.chains[index].name))
      }
    }
    for index in table.verdictMaps.indices {
      let map = original.verdictMaps[index]
      table.verdictMaps[index].elements = map.elements.map {
        VerdictMap.Element($0.key, $0.verdict, origin: add(.verdict($0, map: map.name)))
      }
    }
    for index in table.addressMaps.indices {
      let map = original.addressMaps[index]
      table.addressMaps[index].elements = map.elements.map {
        AddressMap.Element(
          $0.key, to: $0.address, port: $0.port, origin: add(.address($0, map: map.name)))
      }
    }
  }

  private mutating func add(_ content: NumberedItem.Content) -> Origin {
    let number = UInt32(items.count + 1)
    items.append(NumberedItem(number: number, content: content))
    return Origin(span: SourceSpan(file: 0, start: number, end: number), file: "-", line: number)
  }
}

/// Why something may be missing: it can match no packet of the family, by what the ruleset says.
struct AbsentFlows {
  private let family: AddressFamily
  private let table: Table
  private let bridgeMarks: Set<PacketMark>

  init(_ ruleset: Ruleset, _ table: Table, _ family: AddressFamily) {
    self.family = family
    self.table = table
    let effects = ruleset.table(.bridge)?.chains.flatMap(\.rules).flatMap(\.actions) ?? []
    bridgeMarks = Set(effects.compactMap { if case .setMark(let mark) = $0 { mark } else { nil } })
  }

  func explain(_ item: NumberedItem) -> Bool {
    switch item.content {
    case .rule(let rule, let chain): isAbsent(rule) || isForBridges(chain)
    case .verdict(let element, let map): isForeign(element.key) || isUnasked(map)
    case .address(let element, _): element.address.family != family
    }
  }

  private func isAbsent(_ rule: Rule) -> Bool {
    rule.matches.contains(where: isImpossible)
      || rule.actions.contains { action in
        switch action {
        // Its elements speak for themselves.
        case .dispatch, .destinationNAT(.map): true
        case .destinationNAT(.address(let address)): address.family != family
        case .sourceNAT(let translation): translation.addresses.family != family
        case .fixChecksum: family == .ipv6
        case .counter, .log, .setMark, .verdict, .reject, .masquerade, .clampMSS, .remember,
          .learnOutputInterface:
          false
        }
      }
  }

  private func isImpossible(_ match: Match) -> Bool {
    if let own = match.family { return own != family }
    if case .mark(let mark) = match { return bridgeMarks.contains(mark) }
    if case .limit(let limit) = match { return isMeter(limit.perSourceMeter) }
    if case .connectionsOver(_, true, let meter) = match { return isMeter(meter) }
    return false
  }

  /// Whether it counts sources of the other family.
  private func isMeter(_ name: String?) -> Bool {
    let set = table.sets.first { $0.name == name }
    if case .meter(let own)? = set?.content { return own != family }
    return false
  }

  /// A base chain that does nothing but mark packets for the bridge table.
  private func isForBridges(_ chain: String) -> Bool {
    table.chains.contains { own in
      own.name == chain && own.kind != .regular
        && own.rules.flatMap(\.actions).allSatisfy {
          if case .setMark = $0 { true } else { false }
        }
    }
  }

  private func isForeign(_ key: ElementKey) -> Bool {
    key.contains { value in
      if case .address(let address) = value { address.family != family } else { false }
    }
  }

  /// Whether every rule that looks up the map is impossible.
  private func isUnasked(_ map: String) -> Bool {
    table.chains.flatMap(\.rules).allSatisfy { rule in
      let asks = rule.actions.contains { action in
        if case .dispatch(_, map) = action { true } else { false }
      }
      return !asks || rule.matches.contains(where: isImpossible)
    }
  }
}

extension Rule {
  fileprivate var learns: Bool {
    actions.contains { if case .learnOutputInterface = $0 { true } else { false } }
  }
}
