import Netfilter

/// Where a rule stands.
struct RulePlace: Hashable {
  let table: Int
  let chain: Int
  let rule: Int
}

/// Where a packet goes on after a rule.
enum Next {
  case rule, caller
  case call(String)
  case `goto`(String)
  /// The base chain has done with the packet.
  case leave
  case end(Passage.Fate)
}

extension Evaluator {
  /// The longest row of jumps that the kernel allows (NFT_JUMP_STACK_SIZE).
  private static var deepestJump: Int { 16 }
  /// More chains than a packet could meet without going round in a ring.
  private static var mostChains: Int { 10_000 }

  /// Takes the packet through a base chain.
  ///
  /// - Returns: the fate of a packet that goes no further; `nil` for one that was accepted.
  mutating func walk(
    _ entry: HookTable.Entry, _ scene: Scene, _ journey: inout Journey
  ) -> Passage.Fate? {
    var stack = [RulePlace(table: entry.table, chain: entry.chain, rule: 0)]
    var visited = 0
    while let place = stack.last {
      stack[stack.count - 1] = RulePlace(
        table: place.table, chain: place.chain, rule: place.rule + 1)
      switch apply(place, scene, &journey) {
      case .rule: continue
      case .caller: stack.removeLast()
      case .leave: return nil
      case .end(let fate): return fate
      case .call(let name):
        if let missing = enter(name, &stack, in: entry.table) { return .undecided(missing) }
        visited += 1
      case .goto(let name):
        stack.removeLast()
        if let missing = enter(name, &stack, in: entry.table) { return .undecided(missing) }
        visited += 1
      }
      if visited > Self.mostChains { return .undecided(.end) }
    }
    return atEnd(of: entry, scene, &journey)
  }

  private func enter(_ name: String, _ stack: inout [RulePlace], in table: Int) -> Missing? {
    guard let chain = hooks.chain(name, in: table) else { return .object(name) }
    stack.append(RulePlace(table: table, chain: chain, rule: 0))
    return stack.count > Self.deepestJump ? .end : nil
  }

  /// What a base chain does with packets that pass all its rules.
  private func atEnd(
    of entry: HookTable.Entry, _ scene: Scene, _ journey: inout Journey
  ) -> Passage.Fate? {
    let base = program.tables[entry.table].chains[entry.chain]
    guard base.dropsByDefault else { return nil }
    journey.steps.append(
      Step(
        hook: scene.hook, layer: scene.layer, table: program.tables[entry.table].name,
        chain: base.name, rule: base.rules.count, element: nil, origin: nil, comment: nil,
        effects: [.policyDrop]))
    return .dropped
  }

  /// What the rule at `place` does, past the last one nothing but return.
  private mutating func apply(
    _ place: RulePlace, _ scene: Scene, _ journey: inout Journey
  ) -> Next {
    switch program.tables[place.table].chains[place.chain].rules {
    case .ruleset(let rules):
      guard place.rule < rules.count else { return .caller }
      let rule = rules[place.rule]
      switch conditionsHold(rule.matches, place, scene, journey) {
      case .no: return .rule
      case .unknown(let missing): return .end(.undecided(missing))
      case .yes: break
      }
      var act = Act(place, scene, origin: rule.origin, comment: rule.comment)
      for action in rule.actions {
        if let next = perform(action, &act, &journey) { return note(act, next, &journey) }
      }
      return note(act, .rule, &journey)
    case .program(let rules):
      guard place.rule < rules.count else { return .caller }
      return apply(rules[place.rule], place, scene, &journey)
    }
  }

  private mutating func apply(
    _ rule: Program.Rule, _ place: RulePlace, _ scene: Scene, _ journey: inout Journey
  ) -> Next {
    switch conditionsHold(rule.conditions, place, scene, journey) {
    case .no: return .rule
    case .unknown(let missing): return .end(.undecided(missing))
    case .yes: break
    }
    var act = Act(place, scene, origin: rule.origin, comment: rule.comment)
    for effect in rule.effects {
      if let next = perform(effect, &act, &journey) { return note(act, next, &journey) }
    }
    return note(act, .rule, &journey)
  }

  private func note(_ act: Act, _ next: Next, _ journey: inout Journey) -> Next {
    if act.isMiss, act.effects.isEmpty { return next }
    let table = program.tables[act.place.table]
    journey.steps.append(
      Step(
        hook: act.scene.hook, layer: act.scene.layer, table: table.name,
        chain: table.chains[act.place.chain].name, rule: act.place.rule, element: act.element,
        origin: act.elementOrigin ?? act.origin, comment: act.comment, effects: act.effects))
    return next
  }
}

/// What a rule does, while it does it.
struct Act {
  let place: RulePlace
  let scene: Scene
  let origin: Origin?
  let comment: String?
  var element: Step.Element?
  var elementOrigin: Origin?
  var effects: [Step.Effect] = []
  /// Whether the packet's key was in no element: then the rule said nothing about it.
  var isMiss = false

  init(_ place: RulePlace, _ scene: Scene, origin: Origin?, comment: String?) {
    self.place = place
    self.scene = scene
    self.origin = origin
    self.comment = comment
  }
}

extension Program.Rules {
  var count: Int {
    switch self {
    case .ruleset(let rules): rules.count
    case .program(let rules): rules.count
    }
  }
}
