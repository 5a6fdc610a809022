import Netfilter
import NetworkTypes

extension TableLegalizer {
  /// Says `rule` in chain `current`, with chains of its own where one rule of iptables is not
  /// enough; returns the chain in which the following rules belong.
  ///
  /// A packet that comes to an own chain and does not match has to go on after `rule`. Where such
  /// a chain was jumped to, returning does that. But a rule that returns from the ruleset's chain,
  /// or leaves it for another, can do so only from a chain that was not jumped to: then what
  /// follows `rule` moves to a chain as well, and misses go there.
  mutating func legalize(_ rule: Rule, in current: String, isLast: Bool) -> String {
    guard let conditions = conditions(of: rule), let effects = effects(of: rule) else {
      return current
    }
    var stages = Self.stages(conditions, effects)
    let first = stages.removeFirst()
    let canMissInside = !stages.isEmpty || effects.lookup != nil
    guard effects.leavesCaller, canMissInside, !(stages.isEmpty && first.isInline(effects)) else {
      say(first, then: stages, effects, rule, in: current, miss: .return, entry: { .jump($0) })
      return current
    }
    let next = isLast ? nil : names.auxiliary(of: current)
    let miss = next.map { IptablesTarget.goto($0) } ?? .return
    say(first, then: stages, effects, rule, in: current, miss: miss, entry: { .goto($0) })
    guard let next else { return current }
    append(IptablesRule(matches: [], target: .goto(next)), to: current)
    return open(next)
  }

  /// The conditions in the order of asking: each stage but the first in a chain of its own.
  private static func stages(_ conditions: Conditions, _ effects: Effects) -> [Stage] {
    var alternatives = conditions.anyOf
    let first = alternatives.isEmpty ? [] : alternatives.removeFirst()
    var stages = [Stage(plain: conditions.plain, anyOf: first)]
    if !conditions.noneOf.isEmpty { stages.append(Stage(noneOf: conditions.noneOf)) }
    for list in alternatives {
      // Refusals and one choice fit the same chain.
      if stages.count > 1, stages[stages.count - 1].anyOf.isEmpty {
        stages[stages.count - 1].anyOf = list
      } else {
        stages.append(Stage(anyOf: list))
      }
    }
    guard !conditions.counting.isEmpty else { return stages }
    // Counted once, so in one rule.
    if stages[stages.count - 1].anyOf.isEmpty {
      stages[stages.count - 1].counting = conditions.counting
    } else {
      stages.append(Stage(counting: conditions.counting))
    }
    return stages
  }

  private mutating func say(
    _ stage: Stage, then rest: [Stage], _ effects: Effects, _ rule: Rule, in chain: String,
    miss: IptablesTarget, entry: (String) -> IptablesTarget
  ) {
    for refusal in stage.noneOf { add([refusal], miss, rule, to: chain) }
    unrolledRules += stage.noneOf.count + stage.anyOf.count
    guard let next = rest.first else {
      finish(stage, effects, rule, in: chain, miss: miss, entry: entry)
      return
    }
    let inner = open(names.auxiliary(of: chain))
    for matches in stage.combinations { add(matches, entry(inner), rule, to: chain) }
    say(
      next, then: Array(rest.dropFirst()), effects, rule, in: inner, miss: miss, entry: entry)
    if miss != .return { append(miss: miss, to: inner) }
  }

  /// The last conditions and the effects.
  private mutating func finish(
    _ stage: Stage, _ effects: Effects, _ rule: Rule, in chain: String, miss: IptablesTarget,
    entry: (String) -> IptablesTarget
  ) {
    if effects.isEmpty {
      for matches in stage.combinations { add(matches, .none, rule, to: chain) }
    } else if stage.isInline(effects) {
      sayInline(stage, effects, rule, in: chain)
    } else {
      sayInChain(stage, effects, rule, in: chain, miss: miss, entry: entry)
    }
  }

  private mutating func sayInline(
    _ stage: Stage, _ effects: Effects, _ rule: Rule, in chain: String
  ) {
    var stage = stage
    stage.anyOf = remaining(stage.anyOf, in: chain)
    for matches in stage.combinations {
      for step in effects.steps { add(matches + step.matches, step.target, rule, to: chain) }
    }
    for var element in effects.lookup ?? [] {
      if !stage.plain.isEmpty {
        element.matches = stage.plain + element.matches.filter { !stage.plain.contains($0) }
      }
      if element.origin == nil { element.origin = rule.origin }
      unrolledRules += 1
      append(element, to: chain)
    }
  }

  /// The effects in a chain that packets come to when all conditions hold.
  private mutating func sayInChain(
    _ stage: Stage, _ effects: Effects, _ rule: Rule, in chain: String, miss: IptablesTarget,
    entry: (String) -> IptablesTarget
  ) {
    let inner = open(names.auxiliary(of: chain))
    // Nothing can miss among steps: so leaving from them needs no more than not being jumped to.
    let isGone = effects.leavesCaller
    for matches in stage.combinations {
      add(matches, isGone ? .goto(inner) : entry(inner), rule, to: chain)
    }
    sayInline(Stage(), effects, rule, in: inner)
    if effects.lookup != nil, miss != .return {
      append(miss: miss, to: inner)
    }
  }

  private mutating func add(
    _ matches: [IptablesMatch], _ target: IptablesTarget, _ rule: Rule, to chain: String
  ) {
    append(
      IptablesRule(
        matches: matches, target: target, origin: rule.origin, comment: rule.comment), to: chain)
  }
}

/// Conditions that one chain asks for.
private struct Stage {
  var plain: [IptablesMatch] = []
  var anyOf: [IptablesMatch] = []
  var noneOf: [IptablesMatch] = []
  var counting: [IptablesMatch] = []

  /// The conditions of each rule that is needed.
  var combinations: [[IptablesMatch]] {
    anyOf.isEmpty ? [plain + counting] : anyOf.map { plain + [$0] + counting }
  }

  /// Whether rules with these conditions can have the effects without a chain between.
  func isInline(_ effects: Effects) -> Bool {
    let isUnconditional = plain.isEmpty && anyOf.isEmpty && counting.isEmpty
    guard effects.lookup == nil else {
      return effects.steps.isEmpty && anyOf.isEmpty && counting.isEmpty
        && (isUnconditional || canLead(effects.lookup ?? []))
    }
    if effects.steps.count <= 1 || isUnconditional { return true }
    // What counts must be asked once, and a mark that changes must not be asked again.
    return anyOf.isEmpty && counting.isEmpty && !(effects.setsMark && asksMark)
  }

  private var asksMark: Bool {
    plain.contains { match in
      if case .mark = match { true } else { false }
    }
  }

  /// Whether the conditions can be repeated before each of `rules`: few, and of other things.
  private func canLead(_ rules: [IptablesRule]) -> Bool {
    guard rules.count <= 4 else { return false }
    let own = Set(plain.map(\.subject))
    return rules.allSatisfy { rule in
      own.isDisjoint(with: rule.matches.filter { !plain.contains($0) }.map(\.subject))
    }
  }
}

extension IptablesMatch {
  /// What is asked about; a rule of iptables takes one question for each.
  fileprivate enum Subject: Hashable {
    case input, output, source, destination, sourcePort, destinationPort, transport, other
  }

  fileprivate var subject: Subject {
    switch self {
    case .inputInterface: .input
    case .outputInterface: .output
    case .source: .source
    case .destination: .destination
    case .transport: .transport
    case .sourcePorts: .sourcePort
    case .destinationPorts: .destinationPort
    case .sourceIsLocal, .destinationIsLocal, .icmp, .connectionState, .destinationTranslated,
      .originalDirection, .mark, .limit, .hashLimit, .connectionsOver, .sourceMAC,
      .connectionAttempt, .handshake:
      .other
    }
  }
}
