import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// The chain in which the rules of a flow stand.
enum FlowPlace: Hashable {
  case forward, input, output
}

extension TableBuilder {
  /// The rules of `flows` that have a meaning in `place`, in the order of the lines.
  mutating func flowRules(
    _ flows: [Flow], in place: FlowPlace, _ context: LoweringContext
  ) -> [Rule] {
    var rules: [Rule] = []
    for flow in flows where !isExact(flow.rule, in: place, context) {
      for flowCase in flow.cases {
        guard let ends = endMatches(flowCase, in: place, context) else { continue }
        rules += rulesFor(flow.rule, flowCase, ends: ends, in: place, context)
      }
    }
    return rules
  }

  private mutating func rulesFor(
    _ flow: AccessRule, _ flowCase: FlowCase, ends: [Match], in place: FlowPlace,
    _ context: LoweringContext
  ) -> [Rule] {
    var rules: [Rule] = []
    for service in context.serviceMatches(flow.services, flowCase.family) {
      var matches = narrowed(ends, by: flow.clauses, in: place, context)
      if let family = flowCase.family, (ends + service).namedFamily == nil {
        matches.append(.family(family))
      }
      matches += service
      let family = flowCase.family ?? service.namedFamily
      rules += refined(flow, matches, family: family, in: place, context)
    }
    return rules
  }

  /// Adds what exceptions, limits and counts of connections ask for.
  private mutating func refined(
    _ flow: AccessRule, _ matches: [Match], family: AddressFamily?, in place: FlowPlace,
    _ context: LoweringContext
  ) -> [Rule] {
    let final = Rule([], verdictActions(flow, context), origin: context.origin(flow.span))
    let guards = exceptionRules(flow, in: place, context) + connectionRules(flow, family, context)
    var narrowed = [matches]
    if let limit = flow.clauses.limit {
      let extra = limitMatches(limit, name: "flow", family: family, into: &self)
      narrowed = extra.map { matches + $0 }
    }
    guard !guards.isEmpty else {
      return narrowed.map { Rule($0, final.actions, origin: final.origin) }
    }
    let chain = uniqueName("flow")
    let limited = narrowed.map {
      Rule(Array($0.dropFirst(matches.count)), final.actions, origin: final.origin)
    }
    addChain(chain, guards + limited)
    return [Rule(matches, [.verdict(.jump(chain))], origin: final.origin)]
  }

  private func verdictActions(_ flow: AccessRule, _ context: LoweringContext) -> [Action] {
    var actions: [Action] = [.counter]
    if let log = flow.clauses.log {
      actions.append(.log(prefix: log.prefix.isEmpty ? "bridgeward: " : log.prefix))
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

  /// Adds the interface of `via`; one that is no network's says that by itself.
  private func narrowed(
    _ ends: [Match], by clauses: FlowClauses, in place: FlowPlace, _ context: LoweringContext
  ) -> [Match] {
    guard let via = clauses.via else { return ends }
    let match: Match =
      place == .output ? .outputInterface(.equals(via)) : .inputInterface(.equals(via))
    guard !context.ownInterfaces.contains(via) else { return ends + [match] }
    return [match]
      + ends.filter { end in
        place == .output ? !end.isOutsideOutput : !end.isOutsideInput
      }
  }
}

extension TableBuilder {
  /// The conditions on both ends; `nil` where such packets never come by this place.
  mutating func endMatches(
    _ flowCase: FlowCase, in place: FlowPlace, _ context: LoweringContext
  ) -> [Match]? {
    // What touches no declared network is left alone, whatever a line says of its addresses.
    if place == .forward, flowCase.source.zone == .outside, flowCase.destination.zone == .outside {
      return nil
    }
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
        .etherType, .arpSenderAddress, .arpSenderMAC, .neighborTarget, .connectionAttempt,
        .remembered:
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
      .etherType, .arpSenderAddress, .arpSenderMAC, .neighborTarget, .connectionAttempt,
      .remembered:
      false
    }
  }
}

extension Match {
  /// The packet came in by no network's interface.
  fileprivate var isOutsideInput: Bool {
    if case .inputInterface(.isNotIn) = self { return true }
    if case .inputInterface(.differs) = self { return true }
    return false
  }

  /// The packet goes out by no network's interface.
  fileprivate var isOutsideOutput: Bool {
    if case .outputInterface(.isNotIn) = self { return true }
    if case .outputInterface(.differs) = self { return true }
    return false
  }
}
