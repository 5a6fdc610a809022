import PolicyModel

/// Lines by the bridges within which their packets can stay.
struct BridgedLines {
  private var byNetwork: [Int: [Flow]] = [:]

  /// - Complexity: linear in the flows, and for each that names no network in the bridges.
  init(_ flows: [Flow], _ context: LoweringContext) {
    let bridges = context.seenNetworks.filter { context.policy.networks[$0].isBridge }
    for flow in flows {
      var candidates: Set<Int> = []
      for flowCase in flow.cases {
        if let network = flowCase.source.zone.network ?? flowCase.destination.zone.network {
          candidates.insert(network)
        } else {
          candidates.formUnion(bridges)
        }
      }
      for network in candidates {
        let cases = flow.cases.filter { context.isWithin($0, network) }
        if !cases.isEmpty { byNetwork[network, default: []].append(Flow(flow.rule, cases: cases)) }
      }
    }
  }

  /// The lines that speak of flows between members of the network, in their order, with no other
  /// cases than those.
  func of(_ network: Int) -> [Flow] { byNetwork[network] ?? [] }
}

/// All lines that judge frames.
struct BridgedFlowLines {
  let refusals: BridgedLines
  let permissions: BridgedLines
  let defaults: BridgedLines
  /// Published ports of routed families that not everybody may use.
  let publishes: BridgedLines

  init(_ context: LoweringContext, _ opened: OpenedPorts) {
    publishes = BridgedLines(opened.restrictedFlows, context)
    refusals = BridgedLines(context.access.filter { $0.rule.verb != .allow }, context)
    permissions = BridgedLines(context.access.filter { $0.rule.verb == .allow }, context)
    defaults = BridgedLines(context.defaults, context)
  }
}

extension LoweringContext {
  /// Whether both ends of the flow can be members of the network.
  fileprivate func isWithin(_ flowCase: FlowCase, _ index: Int) -> Bool {
    !flowCase.isForeign && isMember(flowCase.source, index)
      && isMember(flowCase.destination, index)
  }

  private func isMember(_ endpoint: Endpoint, _ index: Int) -> Bool {
    switch endpoint.zone {
    case .network(let other): other == index
    case .anywhere: true
    case .outside: policy.networks[index].isOnLAN
    case .beyond, .host: false
    }
  }
}

extension Endpoint.Zone {
  fileprivate var network: Int? {
    switch self {
    case .network(let index): index
    case .outside, .beyond, .anywhere, .host: nil
    }
  }
}
