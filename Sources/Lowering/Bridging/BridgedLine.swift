import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// The rules of one line for frames between members of a bridge.
struct BridgedLine {
  let flow: AccessRule
  /// The ways in which a frame can be of the line.
  let alternatives: [FlowAlternative]
  let context: LoweringContext
  /// Whose members send and receive the frames.
  let network: Int

  /// The rules; what exceptions, limits and counts of connections ask for stands once, so that a
  /// limit is the whole line's.
  func rules(_ memory: inout FlowMemory, _ table: inout TableBuilder) -> [Rule] {
    guard !alternatives.isEmpty, !isUncountable || isRefusal, !isExceptedWhole else { return [] }
    let guards =
      exceptionRules(&table) + goingOnRules(&memory) + connectionRules(&table)
    let final = finalRules(&memory, &table)
    let isInline = guards.isEmpty && (flow.clauses.limit == nil || alternatives.count == 1)
    let chain = isInline ? nil : table.uniqueName("flow")
    if let chain { table.addChain(chain, guards + final) }
    if !isRefusal {
      for alternative in alternatives {
        memory.expect(context.bridgedAnswers(alternative.matches, at: flow.span))
      }
    }
    return alternatives.flatMap { alternative -> [Rule] in
      guard let chain else { return final.map { $0.narrowed(by: alternative.matches) } }
      let jump = Action.verdict(.jump(chain))
      return [Rule(alternative.matches, [jump], origin: context.origin(flow.span))]
    }
  }

  private var isRefusal: Bool { flow.verb != .allow }

  /// Whether the line counts connections where nobody tracks them: the policy is in error then.
  private var isUncountable: Bool {
    flow.clauses.connections != nil && !context.tracksFrames
  }

  private func finalRules(_ memory: inout FlowMemory, _ table: inout TableBuilder) -> [Rule] {
    let limits =
      flow.clauses.limit.map {
        limitMatches($0, name: "flow", family: alternatives.onlyFamily, into: &table)
      } ?? [[]]
    let origin = context.origin(flow.span)
    let log = flow.clauses.log.map { [Action.log(prefix: $0.shownPrefix)] } ?? []
    return limits.map { limit in
      switch flow.verb {
      // No bridge can answer for the IP layer of both ends: a refusal is a drop here.
      case .deny, .reject:
        Rule(limit, [.counter] + log + [.verdict(context.denial)], origin: origin)
      case .allow:
        memory.pass(limit, of: alternatives.map(\.matches), log: log, origin: origin)
      }
    }
  }

  /// Whether an exception takes all that members say to each other.
  private var isExceptedWhole: Bool {
    let exceptions = flow.sourceExceptions + flow.destinationExceptions
    return AddressFamily.allCases.allSatisfy { family in
      context.endpoints(exceptions, family).contains(where: isWhole)
    }
  }

  private func isWhole(_ endpoint: Endpoint) -> Bool {
    endpoint.ranges == nil
      && (endpoint.zone == .network(network) || endpoint.zone == .anywhere)
  }

  private func exceptionRules(_ table: inout TableBuilder) -> [Rule] {
    var rules: [Rule] = []
    for family in AddressFamily.allCases {
      for endpoint in context.endpoints(flow.sourceExceptions, family) {
        guard let ranges = endpoint.ranges else { continue }
        let match = Match.source(table.addressMatch(ranges))
        rules.append(context.rule([match], .return, "except", at: flow.span))
      }
      for endpoint in context.endpoints(flow.destinationExceptions, family) {
        guard let ranges = endpoint.ranges else { continue }
        let match = Match.destination(table.addressMatch(ranges))
        rules.append(context.rule([match], .return, "except", at: flow.span))
      }
    }
    return rules
  }

  /// Limits and logs are about connections: what goes on in one that was opened passes them by.
  private func goingOnRules(_ memory: inout FlowMemory) -> [Rule] {
    let counts = flow.clauses.limit != nil || (flow.clauses.log != nil && !isRefusal)
    guard counts, !memory.usesConntrack else { return [] }
    let origin = context.origin(flow.span)
    let packets = alternatives.map(\.matches)
    return memory.goingOn(packets).map { matches in
      isRefusal
        ? context.rule(matches, .return, "going on", at: flow.span)
        : memory.pass(matches, of: packets, origin: origin, "going on")
    }
  }

  private func connectionRules(_ table: inout TableBuilder) -> [Rule] {
    guard let limit = flow.clauses.connections, context.tracksFrames else { return [] }
    return connectionMatches(
      limit, name: "flow", family: alternatives.onlyFamily, into: &table
    ).map {
      context.rule($0, .return, "more connections than the line covers", at: flow.span)
    }
  }
}

extension LoweringContext {
  /// TCP answers to what `matches` lets pass need no memory: whatever is not the first packet of a
  /// connection opens none.
  func bridgedAnswers(_ matches: [Match], at span: SourceSpan) -> [Rule] {
    guard !tracksFrames else { return [] }
    var reversed: [Match] = []
    var isTCP = true
    for match in matches {
      switch match {
      case .source(let address): reversed.append(.destination(address))
      case .destination(let address): reversed.append(.source(address))
      case .destinationPort(let ports): reversed.append(.sourcePort(ports))
      case .inputInterface(let port): reversed.append(.outputInterface(port))
      case .transport(let transport): isTCP = transport == .tcp
      case .icmp: isTCP = false
      case .family: reversed.append(match)
      case .outputInterface, .inputBridge, .outputBridge, .sourceIsLocal, .destinationIsLocal,
        .sourcePort, .connectionState, .destinationTranslated, .originalDirection, .mark, .limit,
        .connectionsOver, .sourceMAC, .etherType, .arpSenderAddress, .arpSenderMAC,
        .arpTargetAddress, .neighborTarget, .connectionAttempt, .remembered:
        break
      }
    }
    guard isTCP else { return [] }
    let ports = reversed.filter(\.isPort)
    let others = reversed.filter { !$0.isPort }
    return [
      rule(
        others + [.transport(.tcp)] + ports + [.connectionAttempt(false)], .accept, "answers",
        at: span)
    ]
  }
}

extension LogSetting {
  /// The prefix that is logged: the product's own where the line gives none.
  var shownPrefix: String { prefix.isEmpty ? "bridgeward: " : prefix }
}

extension Rule {
  fileprivate func narrowed(by matches: [Match]) -> Rule {
    Rule(matches + self.matches, actions, origin: origin, comment: comment)
  }
}

extension Match {
  fileprivate var isPort: Bool {
    if case .sourcePort = self { true } else { false }
  }
}
