import Netfilter
import NetworkTypes

/// What a rule does, by how iptables can do it.
struct Effects {
  /// An effect, and what a packet must be to be open to it.
  struct Step {
    var matches: [IptablesMatch] = []
    let target: IptablesTarget
  }

  /// Done one after the other; each rule of iptables has one.
  var steps: [Step] = []
  /// The elements of a map as rules, of which one at most matches; comes last.
  var lookup: [IptablesRule]?

  /// Whether a rule counts and does nothing else.
  var isEmpty: Bool { steps.isEmpty && lookup == nil }

  /// Whether packets may go on somewhere else than in the chain that calls.
  var leavesCaller: Bool {
    steps.contains { $0.target.leavesCaller }
      || (lookup?.contains { $0.target.leavesCaller } ?? false)
  }

  var setsMark: Bool {
    steps.contains { step in
      if case .setMark = step.target { true } else { false }
    }
  }
}

extension IptablesTarget {
  /// Whether the packet goes on where the calling chain's own end would lead.
  var leavesCaller: Bool {
    switch self {
    case .return, .goto: true
    case .none, .accept, .drop, .jump, .log, .setMark, .reject, .destination, .source,
      .masquerade, .clampMSS, .fillChecksum:
      false
    }
  }
}

extension TableLegalizer {
  /// What `rule` does; `nil` where nothing of it concerns this family or can be said.
  mutating func effects(of rule: Rule) -> Effects? {
    var effects = Effects()
    for action in rule.actions {
      // Only IPv4 can do without a UDP checksum, so only there is one filled in.
      if action == .counter || (action == .fixChecksum && family == .ipv6) { continue }
      if let because = obstacle(to: action) {
        if case .reject = action {
          report(.rejection, rule)
          effects.steps.append(Effects.Step(target: .drop))
        } else {
          report(.effect(action.words, because: because), rule)
        }
        continue
      }
      add(action, to: &effects)
    }
    let isCounterOnly = rule.actions.allSatisfy { $0 == .counter }
    return effects.isEmpty && !isCounterOnly ? nil : effects
  }

  /// Why this table cannot do it where the rule is reached; `nil` where it can.
  private func obstacle(to action: Action) -> String? {
    switch action {
    case .reject:
      name == .filter && reach.isSubset(of: [.input, .forward, .output])
        ? nil : "only the filter table can answer"
    case .destinationNAT, .sourceNAT, .masquerade:
      name == .nat ? nil : "only the nat table rewrites addresses"
    case .clampMSS(let size):
      size != nil || reach.isSubset(of: [.forward, .output, .postrouting])
        ? nil : "the path's MTU is not known before routing"
    case .fixChecksum: name == .mangle ? nil : "only the mangle table fills in checksums"
    case .remember, .learnOutputInterface: "it has no sets that rules fill"
    case .counter, .log, .setMark, .verdict, .dispatch: nil
    }
  }

  private mutating func add(_ action: Action, to effects: inout Effects) {
    switch action {
    case .log(let prefix): effects.steps.append(Effects.Step(target: .log(prefix: prefix)))
    case .setMark(let mark): effects.steps.append(Effects.Step(target: .setMark(mark)))
    case .verdict(let verdict): effects.steps.append(Effects.Step(target: target(verdict)))
    case .reject(.prohibited):
      effects.steps.append(Effects.Step(target: .reject(.prohibited)))
    case .reject(.tcpReset):
      effects.steps.append(
        Effects.Step(matches: [.transport(.tcp)], target: .reject(.tcpReset)))
    case .clampMSS(let size):
      effects.steps.append(
        Effects.Step(matches: [.transport(.tcp), .handshake], target: .clampMSS(size)))
    case .fixChecksum:
      effects.steps.append(Effects.Step(matches: [.transport(.udp)], target: .fillChecksum))
    case .sourceNAT(let translation):
      guard translation.addresses.family == family else { return }
      effects.steps.append(Effects.Step(target: .source(translation)))
    case .masquerade(let ports, let order):
      effects.steps.append(Effects.Step(target: .masquerade(ports, order)))
    case .destinationNAT(.address(let address)):
      guard address.family == family else { return }
      effects.steps.append(Effects.Step(target: .destination(address, ports: nil)))
    case .destinationNAT(.map(let map)):
      effects.lookup = lookups.addressMaps[map].map(rules)
    case .dispatch(_, let map): effects.lookup = lookups.verdictMaps[map].map { rules($0) }
    case .counter, .remember, .learnOutputInterface: return
    }
  }

  mutating func target(_ verdict: Verdict) -> IptablesTarget {
    switch verdict {
    case .accept: .accept
    case .drop: .drop
    case .return: .return
    case .jump(let chain): .jump(names.own(chain))
    case .goto(let chain): .goto(names.own(chain))
    }
  }
}
