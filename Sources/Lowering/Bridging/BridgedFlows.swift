import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

extension LoweringContext {
  /// What ``bridgedNetworks`` holds.
  func networksWithJudgedFrames() -> [Int] {
    let judging = BridgedLines(
      flows { $0.verb != .allow || $0.clauses.log != nil }, self)
    return seenNetworks.filter { index in
      guard policy.networks[index].isBridge else { return false }
      return !policy.networks[index].icc.value || !judging.of(index).isEmpty
    }
  }
}

/// Language rows 2 and 3 on frames: enforced whether or not bridged frames are handed to IP rules.
func lowerBridgedFlows(_ context: LoweringContext, into table: inout TableBuilder) {
  let networks = context.bridgedNetworks
  guard !networks.isEmpty else { return }
  lowerDeniedLog(context, canReject: false, into: &table)
  let opened = OpenedPorts(context)
  let lines = BridgedFlowLines(context, opened)
  let counting = context.countedNetworks
  var memory = FlowMemory(usesConntrack: context.tracksFrames, AddressFamily.allCases)
  var entries: [Rule] = []
  var learning: [Rule] = []
  for index in networks {
    let ports = BridgePorts(index, context)
    ports.declare(&table)
    let chain = "bridge-\(context.names[index])"
    let bridge = BridgedNetwork(
      index, context, lines: lines, opened: opened, counts: counting.contains(index))
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
  /// Whether some line counts or logs, which must not be done twice.
  let counts: Bool

  init(
    _ index: Int, _ context: LoweringContext, lines: BridgedFlowLines, opened: OpenedPorts,
    counts: Bool
  ) {
    self.index = index
    self.context = context
    network = context.network(index)
    self.lines = lines
    self.opened = opened
    self.counts = counts
  }

  func rules(_ memory: inout FlowMemory, _ table: inout TableBuilder) -> [Rule] {
    var first = context.neighborDiscovery
    if context.hasTranslatedPublish {
      first.append(context.rule([.mark(translatedMark)], .accept, "published"))
    }
    if counts { first.append(markJudged) }
    // By its ports a bridge is known whole, by its prefixes only in their families.
    var own = FlowMemory(
      usesConntrack: memory.usesConntrack,
      network.isOnLAN ? network.families : AddressFamily.allCases)
    let judged = judgedRules(&own, &table)
    first += own.answers(isOpen: network.icc.value, context)
    memory.merge(own)
    return first + judged
  }

  private func judgedRules(_ memory: inout FlowMemory, _ table: inout TableBuilder) -> [Rule] {
    let isOpen = network.icc.value
    var rules = flowRules(lines.refusals.of(index), &memory, &table)
    rules += flowRules(lines.permissions.of(index), &memory, &table)
    rules += openedRules(&memory, &table)
    if isOpen, network.icc.span != nil { return rules + [memory.pass()] }
    rules += flowRules(lines.defaults.of(index), &memory, &table)
    return rules + (isOpen ? [memory.pass()] : refusals(&table))
  }

  /// On a bridge with ports onto the LAN only the guests are strangers to each other.
  private func refusals(_ table: inout TableBuilder) -> [Rule] {
    let span = network.icc.span
    guard network.isOnLAN else { return [context.rule([], context.denial, "icc off", at: span)] }
    return AddressFamily.allCases.compactMap { family in
      let guests = network.guestRanges(family)
      guard !guests.isEmpty else { return nil }
      let match = table.addressMatch(guests)
      return context.rule(
        [.source(match), .destination(match)], context.denial, "icc off", at: span)
    }
  }

  /// Published ports of a routed family: open to siblings at the container's own address.
  private func openedRules(
    _ memory: inout FlowMemory, _ table: inout TableBuilder
  ) -> [Rule] {
    guard !network.icc.value else { return [] }
    return flowRules(lines.publishes.of(index), &memory, &table)
      + opened.bridgedFlows(index).map { flow in
        let origin = flow.publish.span
        memory.expect(context.bridgedAnswers(flow.matches, at: origin))
        return memory.pass(flow.matches, origin: context.origin(origin))
      }
  }

  private func flowRules(
    _ flows: [Flow], _ memory: inout FlowMemory, _ table: inout TableBuilder
  ) -> [Rule] {
    flows.flatMap { flow -> [Rule] in
      guard let port = port(of: flow.rule.clauses) else { return [] }
      let alternatives = flow.cases.flatMap { self.alternatives($0, flow.rule, port, &table) }
      let line = BridgedLine(
        flow: flow.rule, alternatives: alternatives, context: context, network: index)
      return line.rules(&memory, &table)
    }
  }

  private func alternatives(
    _ flowCase: FlowCase, _ flow: AccessRule, _ port: [Match], _ table: inout TableBuilder
  ) -> [FlowAlternative] {
    var ends = port
    if let ranges = flowCase.source.ranges { ends.append(.source(table.addressMatch(ranges))) }
    if let ranges = flowCase.destination.ranges {
      ends.append(.destination(table.addressMatch(ranges)))
    }
    return context.serviceMatches(flow.services, flowCase.family).map { service in
      var matches = ends
      if let family = flowCase.family, (ends + service).namedFamily == nil {
        matches.append(.family(family))
      }
      matches += service
      return FlowAlternative(matches: matches, family: matches.namedFamily)
    }
  }

  /// The condition that a frame comes in by the interface of `via`: the bridge itself or a port of
  /// it; `nil` where no frame of the bridge does.
  private func port(of clauses: FlowClauses) -> [Match]? {
    guard let via = clauses.via, via != context.interface(index) else { return [] }
    guard case .bridge(let ports) = network.attachment.kind else { return nil }
    return ports.contains { $0.value == via } ? [.inputInterface(.equals(via))] : nil
  }
}
