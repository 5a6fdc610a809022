import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

extension LoweringContext {
  /// The networks whose frames between ports are judged: `icc off`, or lines that refuse flows
  /// between members. Frames never come by the IP layer unless somebody hands them to it.
  var bridgedNetworks: [Int] {
    let refusals = BridgedLines((access + defaults).filter { $0.rule.verb != .allow }, self)
    return seenNetworks.filter { index in
      guard policy.networks[index].isBridge else { return false }
      return !policy.networks[index].icc.value || !refusals.of(index).isEmpty
    }
  }
}

/// Language rows 2 and 3 on frames: enforced whether or not bridged frames are handed to IP rules.
func lowerBridgedFlows(_ context: LoweringContext, into table: inout TableBuilder) {
  let networks = context.bridgedNetworks
  guard !networks.isEmpty else { return }
  let lines = BridgedFlowLines(context)
  let opened = OpenedPorts(context)
  var memory = FlowMemory(usesConntrack: context.has(.bridgeConntrack))
  var entries: [Rule] = []
  var learning: [Rule] = []
  for index in networks {
    let ports = BridgePorts(index, context)
    ports.declare(&table)
    let chain = "bridge-\(context.names[index])"
    let bridge = BridgedNetwork(index, context, lines: lines, opened: opened)
    let rules = bridge.rules(&memory, &table)
    table.addChain(chain, rules)
    entries += ports.entries(to: chain)
    learning += ports.learning
  }
  memory.lower(into: &table)
  table.addBase(
    "learn-ports", BaseChain(.filter, .output, priority: HookPriority.bridgeFilter), learning)
  table.addBase(
    "filter-bridged", BaseChain(.filter, .forward, priority: HookPriority.bridgeFilter), entries)
}

/// The rules for frames between the ports of one bridge.
private struct BridgedNetwork {
  let index: Int
  let context: LoweringContext
  let network: Network
  let lines: BridgedFlowLines
  let opened: OpenedPorts

  init(
    _ index: Int, _ context: LoweringContext, lines: BridgedFlowLines, opened: OpenedPorts
  ) {
    self.index = index
    self.context = context
    network = context.network(index)
    self.lines = lines
    self.opened = opened
  }

  func rules(_ memory: inout FlowMemory, _ table: inout TableBuilder) -> [Rule] {
    var first = context.neighborDiscovery
    if context.hasTranslatedPublish {
      first.append(context.rule([.mark(translatedMark)], .accept, "published"))
    }
    var own = FlowMemory(usesConntrack: memory.usesConntrack)
    let judged = judgedRules(&own, &table)
    if own.isUsed || own.usesConntrack {
      // By its ports a bridge is known whole, by its prefixes only in their families.
      let families = network.isOnLAN ? network.families : AddressFamily.allCases
      first += own.answers(isOpen: network.icc.value, families, context)
      memory.use(families)
    }
    return first + judged
  }

  private func judgedRules(_ memory: inout FlowMemory, _ table: inout TableBuilder) -> [Rule] {
    let isOpen = network.icc.value
    var rules = flowRules(lines.refusals.of(index), &memory, &table)
    rules += flowRules(lines.permissions.of(index), &memory, &table)
    rules += openedRules(&memory)
    if isOpen, network.icc.span != nil { return rules + [memory.pass()] }
    rules += flowRules(lines.defaults.of(index), &memory, &table)
    return rules + (isOpen ? [memory.pass()] : refusals(&table))
  }

  /// On a bridge with ports onto the LAN only the guests are strangers to each other.
  private func refusals(_ table: inout TableBuilder) -> [Rule] {
    let span = network.icc.span
    guard network.isOnLAN else { return [context.rule([], .drop, "icc off", at: span)] }
    return AddressFamily.allCases.compactMap { family in
      let guests = network.guestRanges(family)
      guard !guests.isEmpty else { return nil }
      let match = table.addressMatch(guests)
      return context.rule([.source(match), .destination(match)], .drop, "icc off", at: span)
    }
  }

  /// Published ports of a routed family: open to siblings at the container's own address.
  private func openedRules(_ memory: inout FlowMemory) -> [Rule] {
    guard !network.icc.value else { return [] }
    return opened.bridgedFlows(index).flatMap { flow in
      let origin = flow.publish.span
      return answers(flow.matches, at: origin)
        + [memory.pass(flow.matches, origin: context.origin(origin))]
    }
  }

  private func flowRules(
    _ flows: [Flow], _ memory: inout FlowMemory, _ table: inout TableBuilder
  ) -> [Rule] {
    var rules: [Rule] = []
    for flow in flows {
      var alternatives: [FlowAlternative] = []
      for flowCase in flow.cases {
        var ends: [Match] = []
        if let ranges = flowCase.source.ranges { ends.append(.source(table.addressMatch(ranges))) }
        if let ranges = flowCase.destination.ranges {
          ends.append(.destination(table.addressMatch(ranges)))
        }
        for service in context.serviceMatches(flow.rule.services, flowCase.family) {
          var matches = ends
          if let family = flowCase.family, (ends + service).namedFamily == nil {
            matches.append(.family(family))
          }
          matches += service
          alternatives.append(FlowAlternative(matches: matches, family: matches.namedFamily))
        }
      }
      rules += verdictRules(flow.rule, alternatives, &memory, &table)
    }
    return rules
  }

  /// The rules of one line; exceptions and a limit stand once, so that they are the whole line's.
  private func verdictRules(
    _ flow: AccessRule, _ alternatives: [FlowAlternative], _ memory: inout FlowMemory,
    _ table: inout TableBuilder
  ) -> [Rule] {
    guard !alternatives.isEmpty else { return [] }
    let final = finalRules(flow, alternatives.onlyFamily, &memory, &table)
    let isInline = flow.clauses.limit == nil || alternatives.count == 1
    let exceptions = exceptionRules(flow, &table)
    let chain = exceptions.isEmpty && isInline ? nil : table.uniqueName("flow")
    if let chain { table.addChain(chain, exceptions + final) }
    let isStateless = flow.verb == .allow && !memory.usesConntrack
    return alternatives.flatMap { alternative -> [Rule] in
      var direct = isStateless ? answers(alternative.matches, at: flow.span) : []
      if isStateless, flow.clauses.limit != nil {
        direct += going(alternative.matches, at: flow.span)
      }
      guard let chain else {
        return direct
          + final.map {
            Rule(
              alternative.matches + $0.matches, $0.actions, origin: $0.origin,
              comment: $0.comment)
          }
      }
      let jump = Action.verdict(.jump(chain))
      return direct + [Rule(alternative.matches, [jump], origin: context.origin(flow.span))]
    }
  }

  private func finalRules(
    _ flow: AccessRule, _ family: AddressFamily?, _ memory: inout FlowMemory,
    _ table: inout TableBuilder
  ) -> [Rule] {
    let origin = context.origin(flow.span)
    switch flow.verb {
    // No bridge can answer for the IP layer of both ends: a refusal is a drop here.
    case .deny, .reject: return [context.rule([], .drop, nil, at: flow.span)]
    case .allow: break
    }
    guard let limit = flow.clauses.limit else { return [memory.pass(origin: origin)] }
    return limitMatches(limit, name: "flow", family: family, into: &table).map {
      memory.pass($0, origin: origin)
    }
  }

  private func exceptionRules(_ flow: AccessRule, _ table: inout TableBuilder) -> [Rule] {
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

  /// A limit counts connections: what goes on in one that was opened passes it by.
  private func going(_ matches: [Match], at span: SourceSpan) -> [Rule] {
    let transports = matches.compactMap { match -> TransportProtocol? in
      if case .transport(let transport) = match { return transport }
      if case .icmp(let family, _, _) = match { return family == .ipv4 ? .icmp : .icmpv6 }
      return nil
    }
    guard transports.isEmpty || transports == [.tcp] else { return [] }
    let tcp: [Match] = transports.isEmpty ? [.transport(.tcp)] : []
    return [
      context.rule(matches + tcp + [.connectionAttempt(false)], .accept, "going on", at: span)
    ]
  }

  /// TCP answers need no memory: whatever is not the first packet of a connection opens none.
  private func answers(_ matches: [Match], at span: SourceSpan) -> [Rule] {
    guard !context.has(.bridgeConntrack) else { return [] }
    var reversed: [Match] = []
    var isTCP = true
    for match in matches {
      switch match {
      case .source(let address): reversed.append(.destination(address))
      case .destination(let address): reversed.append(.source(address))
      case .destinationPort(let ports): reversed.append(.sourcePort(ports))
      case .transport(let transport): isTCP = transport == .tcp
      case .icmp: isTCP = false
      case .family: reversed.append(match)
      case .inputInterface, .outputInterface, .inputBridge, .outputBridge, .sourceIsLocal,
        .destinationIsLocal, .sourcePort, .connectionState, .destinationTranslated,
        .originalDirection, .mark, .limit, .connectionsOver, .sourceMAC, .etherType,
        .arpSenderAddress, .arpSenderMAC, .neighborTarget, .connectionAttempt, .remembered:
        break
      }
    }
    guard isTCP else { return [] }
    let addresses = reversed.filter { !$0.isPort }
    let ports = reversed.filter(\.isPort)
    return [
      context.rule(
        addresses + [.transport(.tcp)] + ports + [.connectionAttempt(false)], .accept, "answers",
        at: span)
    ]
  }
}

extension Match {
  fileprivate var isPort: Bool {
    if case .sourcePort = self { true } else { false }
  }
}
