import Evaluation
import IptablesBackend
import IptablesEvaluation
import KernelForm
import Netfilter
import NetworkTypes

/// Turns a table of somebody else's into the form that packets are tried on, for packets of one
/// family and protocol: what a rule asks of these two is answered beforehand.
struct ForeignProgram {
  private let table: ForeignTable
  private let family: AddressFamily
  private let transport: TransportProtocol
  /// Which interfaces there are, for names that end with `*`.
  private let interfaces: [InterfaceName]
  private var sets: [NamedSet] = []
  /// Our chains in the table, by their names.
  private let own: [String: OwnChain]

  init(
    _ table: ForeignTable, _ family: AddressFamily, _ transport: TransportProtocol,
    interfaces: [InterfaceName]
  ) {
    self.table = table
    self.family = family
    self.transport = transport
    self.interfaces = interfaces
    own = Dictionary(table.own.map { ($0.name, $0) }) { first, _ in first }
  }

  /// `nil` where such packets never come to the table.
  mutating func program() -> Program.Table? {
    guard table.families.contains(family) else { return nil }
    var chains: [Program.Chain] = []
    for chain in table.chains {
      var rules: [Program.Rule] = []
      for (index, rule) in chain.rules.enumerated() {
        if let ours = ownRule(index, chain) {
          rules.append(ours)
        } else if let rule = self.rule(rule, chain) {
          rules.append(rule)
        }
      }
      let base = chain.base.map {
        BaseChain($0.purpose, $0.hook, priority: Int32(clamping: $0.priority))
      }
      chains.append(
        Program.Chain(
          chain.name, base: base, dropsByDefault: chain.base?.drops ?? false, .program(rules)))
    }
    return Program.Table(.packets([family]), table.name, chains: chains, sets: sets)
  }

  /// A rule of a chain of ours, which is understood as a whole; `nil` for what somebody else put
  /// there.
  private func ownRule(_ index: Int, _ chain: ForeignChain) -> Program.Rule? {
    guard let ours = own[chain.name], ours.lines.count == chain.rules.count else { return nil }
    switch ours.lines[index] {
    case .rule(let rule):
      var result = Program.Rule(rule, family)
      let comment = CommentText(rule.comment)
      result.origin = comment.origin
      result.comment = comment.why
      return result
    case .foreign: return nil
    }
  }

  private mutating func rule(_ rule: ForeignRule, _ chain: ForeignChain) -> Program.Rule? {
    var conditions: [Program.Condition] = []
    for condition in rule.conditions {
      switch answer(condition, rule, chain) {
      case .always: continue
      case .never: return nil
      case .asked(let asked): conditions.append(asked)
      }
    }
    let words = describe(rule, chain)
    let effects: [Program.Effect] =
      switch rule.effect {
      case .none: []
      case .accept: [.action(.verdict(.accept))]
      case .drop(let rejects):
        [rejects ? .action(.reject(.prohibited)) : .action(.verdict(.drop))]
      case .return: [.action(.verdict(.return))]
      case .jump(let name): [.action(.verdict(.jump(name)))]
      case .goto(let name): [.action(.verdict(.goto(name)))]
      case .rewrite(.masquerade): [.action(.masquerade(ports: nil, .kernel))]
      case .rewrite(.address(let range?)):
        [.action(.sourceNAT(SourceNAT(addresses: range, ports: nil, order: .kernel)))]
      case .redirect(let target?): [Self.destination(target)]
      case .rewrite(.address(nil)), .redirect(nil), .unknown: [.unknown(words)]
      }
    // What does not decide matters to nobody, whatever it asks.
    return effects.isEmpty ? nil : Program.Rule(conditions, effects, comment: words)
  }

  private static func destination(_ target: NewDestination) -> Program.Effect {
    guard let port = target.port else {
      return .action(.destinationNAT(.address(target.address)))
    }
    return .port(target.address, port)
  }

  /// Where a rule is, and what it says.
  private func describe(_ rule: ForeignRule, _ chain: ForeignChain) -> String {
    let place = chain.base.map { " (\($0.hook.rawValue), priority \($0.priority))" } ?? ""
    return "rule `\(rule.text)` of the chain `\(chain.name)`\(place) of \(table.title)"
  }

  // MARK: Conditions

  private enum Answer {
    case always, never
    case asked(Program.Condition)

    init(_ holds: Bool) { self = holds ? .always : .never }
  }

  private mutating func answer(
    _ condition: ForeignCondition, _ rule: ForeignRule, _ chain: ForeignChain
  ) -> Answer {
    switch condition {
    case .input(let names, let negated):
      return .asked(.match(.inputInterface(interface(names, negated))))
    case .output(let names, let negated):
      return .asked(.match(.outputInterface(interface(names, negated))))
    case .address(let side, let ranges, let negated):
      return address(side, ranges, negated)
    case .port(let side, let ranges, let negated): return ports(side, ranges, negated)
    case .transport(let protocols, let negated):
      return Answer(protocols.contains(transport) != negated)
    case .family(let other): return Answer(other == family)
    case .state(let words, let negated): return states(words, negated)
    case .translated(let wanted): return .asked(.match(.destinationTranslated(wanted)))
    case .kind(let side, let kinds, let negated): return self.kinds(side, kinds, negated)
    case .unknown: return .asked(.unknown(describe(rule, chain)))
    }
  }

  private mutating func interface(_ names: [String], _ negated: Bool) -> InterfaceMatch {
    let known = interfaces.filter { interface in
      names.contains { name in
        name.hasSuffix("*") ? interface.text.hasPrefix(name.dropLast()) : name == interface.text
      }
    }
    if known.count == 1 { return negated ? .differs(known[0]) : .equals(known[0]) }
    let name = newSet(.interfaces(known.sorted()))
    return negated ? .isNotIn(name) : .isIn(name)
  }

  private mutating func newSet(_ content: NamedSet.Content) -> String {
    let name = "set \(sets.count)"
    sets.append(NamedSet(name, content))
    return name
  }

  private mutating func address(
    _ side: ForeignCondition.Side, _ ranges: [AddressRange], _ negated: Bool
  ) -> Answer {
    let own = AddressSet(ranges.filter { $0.family == family }).ranges
    if own.isEmpty { return Answer(negated && ranges.isEmpty) }
    let operand: AddressMatch.Operand =
      own.count == 1 ? .range(own[0]) : .set(newSet(.addresses(family, own)), family)
    let match = AddressMatch(operand, negated: negated)
    return .asked(.match(side == .source ? .source(match) : .destination(match)))
  }

  private func ports(
    _ side: ForeignCondition.Side, _ ranges: [PortRange], _ negated: Bool
  ) -> Answer {
    guard transport.hasPorts else { return .never }
    let wanted = negated ? Self.complement(of: ranges.merged) : ranges.merged
    if wanted.isEmpty { return .never }
    return .asked(.match(side == .source ? .sourcePort(wanted) : .destinationPort(wanted)))
  }

  private static func complement(of ranges: [PortRange]) -> [PortRange] {
    var result: [PortRange] = []
    var next = 0
    for range in ranges {
      if Int(range.lower) > next {
        result.append(PortRange(UInt16(next), range.lower - 1))
      }
      next = Int(range.upper) + 1
    }
    if next <= 65535 { result.append(PortRange(UInt16(next), 65535)) }
    return result
  }

  private func states(_ words: Set<String>, _ negated: Bool) -> Answer {
    let known = Set(words.compactMap(ConnectionState.init))
    let wanted = negated ? Set(ConnectionState.allCases).subtracting(known) : known
    return wanted.isEmpty ? .never : .asked(.match(.connectionState(wanted)))
  }

  /// Packets here are for one receiver, so that an address is the host's own or another's.
  private func kinds(
    _ side: ForeignCondition.Side, _ kinds: Set<String>, _ negated: Bool
  ) -> Answer {
    let local = kinds.contains("local") != negated
    let other = kinds.contains("unicast") != negated
    if local == other { return Answer(local) }
    return .asked(
      .match(side == .source ? .sourceIsLocal(local) : .destinationIsLocal(local)))
  }
}
