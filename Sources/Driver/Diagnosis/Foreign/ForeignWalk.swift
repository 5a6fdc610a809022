import Netfilter
import NetworkTypes

/// What a table of somebody else does with a flow.
struct ForeignOutcome: Hashable, Sendable {
  enum Verdict: Hashable, Sendable {
    case passes
    /// The payload says where: a rule, or the policy of a base chain.
    case drops(String)
  }

  let verdict: Verdict
  /// Rules that are not understood and might have let it pass before.
  let mightAccept: [String]
  /// Rules that are not understood and might drop it.
  let mightDrop: [String]

}

extension ForeignTable {
  /// What the base chains at the flow's hook do with it, in the order of their priorities.
  func outcome(of sample: FlowSample) -> ForeignOutcome {
    guard families.contains(sample.family) else {
      return ForeignOutcome(verdict: .passes, mightAccept: [], mightDrop: [])
    }
    let bases = chains.filter { $0.base?.hook == sample.hook }.sorted {
      ($0.base?.priority ?? 0) < ($1.base?.priority ?? 0)
    }
    var mightDrop: [String] = []
    for chain in bases {
      var walk = ForeignWalk(table: self, sample: sample)
      if case .drops(let place) = walk.run(chain) {
        return ForeignOutcome(
          verdict: .drops(place), mightAccept: walk.mightAccept,
          mightDrop: mightDrop + walk.mightDrop)
      }
      mightDrop += walk.mightDrop
    }
    return ForeignOutcome(verdict: .passes, mightAccept: [], mightDrop: mightDrop)
  }
}

extension ForeignTable {
  /// Where the flow's addresses are rewritten at its hook.
  func rewriting(of sample: FlowSample) -> ForeignRewriting? {
    guard families.contains(sample.family) else { return nil }
    let bases = chains.filter { $0.base?.hook == sample.hook }.sorted {
      ($0.base?.priority ?? 0) < ($1.base?.priority ?? 0)
    }
    for chain in bases {
      var walk = ForeignWalk(table: self, sample: sample)
      guard case .rewrites(let place, let rewrite) = walk.run(chain), walk.mightAccept.isEmpty
      else { continue }
      return ForeignRewriting(
        place: place, rewrite: rewrite, priority: chain.base?.priority ?? 0, chain: chain.name)
    }
    return nil
  }
}

/// A rule of somebody else that rewrites a flow.
struct ForeignRewriting: Hashable, Sendable {
  let place: String
  /// `nil` for the destination.
  let rewrite: SourceRewrite?
  /// Of its base chain.
  let priority: Int
  /// The base chain.
  let chain: String
}

/// One packet on its way through one base chain.
private struct ForeignWalk {
  let table: ForeignTable
  let sample: FlowSample
  var mightAccept: [String] = []
  var mightDrop: [String] = []
  private let chains: [String: ForeignChain]
  /// How many rules may still be looked at.
  private var patience = 1_000_000

  init(table: ForeignTable, sample: FlowSample) {
    self.table = table
    self.sample = sample
    chains = Dictionary(table.chains.map { ($0.name, $0) }) { first, _ in first }
  }

  private enum Step: Equatable {
    case end, returned, accepted
    case dropped(String)
    /// No payload but the place for the destination.
    case rewritten(String, SourceRewrite?)
  }

  /// What becomes of a packet in one base chain.
  enum End {
    case passes
    case drops(String)
    case rewrites(String, SourceRewrite?)
  }

  mutating func run(_ base: ForeignChain) -> End {
    switch walk(base, depth: 0) {
    case .accepted: return .passes
    case .dropped(let place): return .drops(place)
    case .rewritten(let place, let rewrite): return .rewrites(place, rewrite)
    case .end, .returned:
      return base.base?.drops == true ? .drops("the policy of `\(base.name)` is drop") : .passes
    }
  }

  private mutating func walk(_ chain: ForeignChain, depth: Int) -> Step {
    // NFT_JUMP_STACK_SIZE is 16; a text may say anything.
    guard depth < 64 else { return .end }
    for rule in chain.rules {
      patience -= 1
      guard patience > 0 else { return .end }
      switch sample.answer(to: rule.conditions) {
      case .no: continue
      case .unknown: doubt(rule, chain, depth)
      case .yes:
        let step = take(rule, chain, depth)
        if step != .end { return step == .returned ? .end : step }
      }
    }
    return .end
  }

  /// What a rule does that holds; `.end` where the next rule follows.
  private mutating func take(_ rule: ForeignRule, _ chain: ForeignChain, _ depth: Int) -> Step {
    switch rule.effect {
    case .none: return .end
    case .accept: return .accepted
    case .drop: return .dropped("`\(rule.text)` in `\(chain.name)`")
    case .return: return .returned
    case .redirect: return .rewritten("`\(rule.text)` in `\(chain.name)`", nil)
    case .rewrite(let rewrite): return .rewritten("`\(rule.text)` in `\(chain.name)`", rewrite)
    case .jump(let name): return call(name, depth)
    case .goto(let name):
      let step = call(name, depth)
      return step == .end ? .returned : step
    case .unknown:
      note(rule, chain)
      return .end
    }
  }

  private mutating func call(_ name: String, _ depth: Int) -> Step {
    if table.tool != .nft, name.hasPrefix("BW-") {
      // What the policy allows, our own filter chains accept.
      return table.name.hasSuffix(" filter") ? .accepted : .end
    }
    guard let chain = chains[name] else { return .end }
    return walk(chain, depth: depth + 1)
  }

  /// A rule of which nobody knows whether it holds.
  private mutating func doubt(_ rule: ForeignRule, _ chain: ForeignChain, _ depth: Int) {
    switch rule.effect {
    case .none: return
    // To rewrite is to accept.
    case .accept, .redirect, .rewrite: mightAccept.append("`\(rule.text)` in `\(chain.name)`")
    case .drop: mightDrop.append("`\(rule.text)` in `\(chain.name)`")
    case .return, .unknown: note(rule, chain)
    case .jump(let name), .goto(let name):
      var branch = self
      let step = branch.call(name, depth)
      patience = branch.patience
      switch step {
      case .accepted, .rewritten: mightAccept.append("`\(rule.text)` in `\(chain.name)`")
      case .dropped: mightDrop.append("`\(rule.text)` in `\(chain.name)`")
      case .end, .returned:
        mightAccept = branch.mightAccept
        mightDrop = branch.mightDrop
        if case .goto = rule.effect { note(rule, chain) }
      }
    }
  }

  private mutating func note(_ rule: ForeignRule, _ chain: ForeignChain) {
    mightAccept.append("`\(rule.text)` in `\(chain.name)`")
    mightDrop.append("`\(rule.text)` in `\(chain.name)`")
  }
}

/// Whether a condition holds.
enum Answer: Hashable, Sendable { case yes, no, unknown }

extension FlowSample {
  /// Whether all of them hold.
  func answer(to conditions: [ForeignCondition]) -> Answer {
    var result = Answer.yes
    for condition in conditions {
      switch answer(to: condition) {
      case .no: return .no
      case .unknown: result = .unknown
      case .yes: continue
      }
    }
    return result
  }

  private func answer(to condition: ForeignCondition) -> Answer {
    switch condition {
    case .input(let names, let negated):
      // What the host sends has come in by no interface.
      return hook == .output ? .no : answer(input, names, negated)
    case .output(let names, let negated):
      return hook == .prerouting || hook == .input ? .no : answer(output, names, negated)
    case .address(let side, let ranges, let negated):
      let address = side == .source ? source : destination
      // Another family's address is a condition on the family, too.
      if let first = ranges.first, first.family != family { return .no }
      return ranges.contains { $0.contains(address) } != negated ? .yes : .no
    case .port(let side, let ranges, let negated):
      guard let port else { return .no }
      let asked = side == .source ? Self.clientPort : port
      return ranges.contains { $0.contains(asked) } != negated ? .yes : .no
    case .transport(let protocols, let negated):
      return protocols.contains(transport) != negated ? .yes : .no
    case .family(let family): return family == self.family ? .yes : .no
    case .state(let states, let negated): return states.contains("new") != negated ? .yes : .no
    case .translated(let wanted): return wanted == isTranslated ? .yes : .no
    case .kind(let side, let kinds, let negated):
      let own = side == .source ? sourceKind : destinationKind
      return kinds.contains(own) != negated ? .yes : .no
    case .unknown: return .unknown
    }
  }

  private func answer(_ name: InterfaceName?, _ names: [String], _ negated: Bool) -> Answer {
    guard let name else { return .unknown }
    let isIn = names.contains { pattern in
      pattern.hasSuffix("*")
        ? name.text.hasPrefix(String(pattern.dropLast())) : pattern == name.text
    }
    return isIn != negated ? .yes : .no
  }

  private var sourceKind: String { hook == .output ? "local" : "unicast" }

  private var destinationKind: String {
    if destination.isMulticast { return "multicast" }
    if destination == .ipv4(IPv4Address(bits: .max)) { return "broadcast" }
    return isToHost ? "local" : "unicast"
  }
}
