import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// The chain in which the rules of a flow stand.
enum FlowPlace: Hashable {
  case forward, input, output
}

/// One way in which a packet can be of a flow.
struct FlowAlternative {
  let matches: [Match]
  /// `nil` where it may be of either.
  let family: AddressFamily?
}

extension [FlowAlternative] {
  /// The family that all have, if they have but one.
  var onlyFamily: AddressFamily? {
    Set(map(\.family)).count == 1 ? self[0].family : nil
  }
}

extension TableBuilder {
  /// The rules of `flows` that have a meaning in `place`, in the order of the lines.
  mutating func flowRules(
    _ flows: [Flow], in place: FlowPlace, _ context: LoweringContext
  ) -> [Rule] {
    var rules: [Rule] = []
    for flow in flows where !isExact(flow.rule, in: place, context) {
      var alternatives: [FlowAlternative] = []
      for flowCase in flow.cases {
        guard let ends = endMatches(flowCase, in: place, context) else { continue }
        alternatives += self.alternatives(flow.rule, flowCase, ends: ends, in: place, context)
      }
      rules += refined(flow.rule, alternatives, in: place, context)
    }
    return rules
  }

  private func alternatives(
    _ flow: AccessRule, _ flowCase: FlowCase, ends: [Match], in place: FlowPlace,
    _ context: LoweringContext
  ) -> [FlowAlternative] {
    guard let ends = narrowed(ends, of: flowCase, by: flow.clauses, in: place, context) else {
      return []
    }
    return context.serviceMatches(flow.services, flowCase.family).map { service in
      var matches = ends
      if let family = flowCase.family, (ends + service).namedFamily == nil {
        matches.append(.family(family))
      }
      matches += service
      return FlowAlternative(matches: matches, family: flowCase.family ?? service.namedFamily)
    }
  }

  /// The rules of one line; what exceptions, limits and counts of connections ask for stands once,
  /// so that a limit is the whole line's.
  private mutating func refined(
    _ flow: AccessRule, _ alternatives: [FlowAlternative], in place: FlowPlace,
    _ context: LoweringContext
  ) -> [Rule] {
    guard !alternatives.isEmpty else { return [] }
    let origin = context.origin(flow.span)
    let actions = verdictActions(flow, context)
    let family = alternatives.onlyFamily
    let guards = exceptionRules(flow, in: place, context) + connectionRules(flow, family, context)
    let limits =
      flow.clauses.limit.map { limitMatches($0, name: "flow", family: family, into: &self) }
    if guards.isEmpty, limits == nil || alternatives.count == 1 {
      return alternatives.flatMap { alternative in
        (limits ?? [[]]).map { Rule(alternative.matches + $0, actions, origin: origin) }
      }
    }
    let chain = uniqueName("flow")
    addChain(chain, guards + (limits ?? [[]]).map { Rule($0, actions, origin: origin) })
    return alternatives.map { Rule($0.matches, [.verdict(.jump(chain))], origin: origin) }
  }

  private func verdictActions(_ flow: AccessRule, _ context: LoweringContext) -> [Action] {
    var actions: [Action] = [.counter]
    if let log = flow.clauses.log {
      actions.append(.log(prefix: log.shownPrefix))
    }
    switch flow.verb {
    case .allow: actions.append(.verdict(.accept))
    case .deny: actions.append(.verdict(context.denial))
    case .reject:
      actions.append(
        context.policy.deniedLog == nil
          ? .reject(.prohibited) : .verdict(.goto("rejected")))
    }
    return actions
  }

  private mutating func exceptionRules(
    _ flow: AccessRule, in place: FlowPlace, _ context: LoweringContext
  ) -> [Rule] {
    var rules: [Rule] = []
    for family in AddressFamily.allCases {
      for endpoint in context.endpoints(flow.sourceExceptions, family) {
        let matches = sourceMatches(endpoint, in: place, context)
        rules += matches.map { [context.rule($0, .return, "except", at: flow.span)] } ?? []
      }
      for endpoint in context.endpoints(flow.destinationExceptions, family) {
        let matches = destinationMatches(endpoint, in: place, context)
        rules += matches.map { [context.rule($0, .return, "except", at: flow.span)] } ?? []
      }
    }
    return rules.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private mutating func connectionRules(
    _ flow: AccessRule, _ family: AddressFamily?, _ context: LoweringContext
  ) -> [Rule] {
    guard let limit = flow.clauses.connections else { return [] }
    return connectionMatches(limit, name: "flow", family: family, into: &self).map {
      context.rule($0, .return, "more connections than the line covers", at: flow.span)
    }
  }

  /// Adds the interface of `via` to the conditions; `nil` where no packet has both.
  private func narrowed(
    _ ends: [Match], of flowCase: FlowCase, by clauses: FlowClauses, in place: FlowPlace,
    _ context: LoweringContext
  ) -> [Match]? {
    guard let via = clauses.via else { return ends }
    let isOutput = place == .output
    let match: Match = isOutput ? .outputInterface(.equals(via)) : .inputInterface(.equals(via))
    let isOf = isOutput ? \Match.isOutputInterface : \Match.isInputInterface
    let narrow = [match] + ends.filter { !$0[keyPath: isOf] }
    switch (isOutput ? flowCase.destination : flowCase.source).zone {
    case .network(let index): return context.interface(index) == via ? ends : nil
    case .outside: return context.ownInterfaces.contains(via) ? nil : narrow
    case .beyond: return context.seenInterfaces.contains(via) ? nil : narrow
    case .anywhere, .host: return narrow
    }
  }
}

extension TableBuilder {
  /// The conditions on both ends; `nil` where such packets never come by this place.
  mutating func endMatches(
    _ flowCase: FlowCase, in place: FlowPlace, _ context: LoweringContext
  ) -> [Match]? {
    // What touches no declared network is left alone, whatever a line says of its addresses.
    if place == .forward, flowCase.isForeign { return nil }
    guard let source = sourceMatches(flowCase.source, in: place, context),
      let destination = destinationMatches(flowCase.destination, in: place, context)
    else { return nil }
    let interfaces = (source + destination).filter(\.isInterface)
    return interfaces + (source + destination).filter { !$0.isInterface }
  }

  /// The conditions that a packet comes from `endpoint`.
  mutating func sourceMatches(
    _ endpoint: Endpoint, in place: FlowPlace, _ context: LoweringContext
  ) -> [Match]? {
    var matches: [Match] = []
    switch place {
    case .forward, .input:
      switch endpoint.zone {
      case .network(let index):
        matches.append(.inputInterface(.equals(context.interface(index))))
      case .outside: matches += [fromNetworks(context, negated: true)].compactMap { $0 }
      case .beyond: matches.append(.inputInterface(noNetwork(context)))
      case .anywhere: break
      case .host: return nil
      }
    case .output:
      guard endpoint.isHostAsSource else { return nil }
    }
    if let ranges = endpoint.ranges { matches.append(.source(addressMatch(ranges))) }
    return matches
  }

  /// The conditions that a packet goes to `endpoint`.
  mutating func destinationMatches(
    _ endpoint: Endpoint, in place: FlowPlace, _ context: LoweringContext
  ) -> [Match]? {
    var matches: [Match] = []
    switch place {
    case .forward, .output:
      switch endpoint.zone {
      case .network(let index):
        matches.append(.outputInterface(.equals(context.interface(index))))
      case .outside: matches += [toNetworks(context, negated: true)].compactMap { $0 }
      case .beyond: matches.append(.outputInterface(noNetwork(context)))
      case .anywhere: break
      case .host: return nil
      }
    case .input:
      guard endpoint.isHostAsDestination else { return nil }
    }
    if let ranges = endpoint.ranges { matches.append(.destination(addressMatch(ranges))) }
    return matches
  }
}

extension [Match] {
  /// The family that the conditions confine packets to, if they do.
  var namedFamily: AddressFamily? {
    for match in self {
      switch match {
      case .family(let family), .icmp(let family, _, _): return family
      case .source(let address), .destination(let address): return address.family
      case .inputInterface, .outputInterface, .inputBridge, .outputBridge, .sourceIsLocal,
        .destinationIsLocal, .transport, .sourcePort, .destinationPort, .connectionState,
        .destinationTranslated, .originalDirection, .mark, .limit, .connectionsOver, .sourceMAC,
        .etherType, .arpSenderAddress, .arpSenderMAC, .arpTargetAddress, .neighborTarget,
        .connectionAttempt, .remembered:
        continue
      }
    }
    return nil
  }
}

extension Match {
  var isInterface: Bool {
    switch self {
    case .inputInterface, .outputInterface: true
    case .family, .inputBridge, .outputBridge, .source, .destination, .sourceIsLocal,
      .destinationIsLocal, .transport, .sourcePort, .destinationPort, .icmp, .connectionState,
      .destinationTranslated, .originalDirection, .mark, .limit, .connectionsOver, .sourceMAC,
      .etherType, .arpSenderAddress, .arpSenderMAC, .arpTargetAddress, .neighborTarget,
      .connectionAttempt, .remembered:
      false
    }
  }
}

extension Match {
  fileprivate var isInputInterface: Bool {
    if case .inputInterface = self { true } else { false }
  }

  fileprivate var isOutputInterface: Bool {
    if case .outputInterface = self { true } else { false }
  }
}
