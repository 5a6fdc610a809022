import CNftnl
import KernelForm
package import Netfilter

extension NetlinkSession {
  /// What the kernel can do, found out by asking it to check rules that it is then not told to keep.
  ///
  /// Nothing changes, and nobody sees the table that the rules are for.
  package mutating func probe() throws(NetlinkError) -> Set<Capability> {
    let capabilities = Capability.allCases
    let plan = Self.probingPlan(capabilities)
    var batch = Batch(firstSequence: socket.takeSequences(), generation: nil)
    try batch.append(plan)
    var found = Set(capabilities)
    // Without its end the kernel checks a batch and lets go of it.
    for reply in try replies(to: batch, .read) {
      let error = Refusal(plan: plan, step: .read).error(reply, in: batch)
      // EOPNOTSUPP: no such expression; EPROTO: no connections in bridges; EAFNOSUPPORT: no bridges.
      switch error.errno {
      case EOPNOTSUPP, EPROTO, EPROTONOSUPPORT, EAFNOSUPPORT, ENOENT: break
      default: throw error
      }
      let refused = batch.subject(of: reply)?.operation
      let rule = refused.map { $0 - (plan.operations.count - capabilities.count) } ?? -1
      if rule < 0 { return [] }
      found.remove(capabilities[rule])
    }
    return found
  }

  /// A bridge table with a rule for each capability, rules last.
  private static func probingPlan(_ capabilities: [Capability]) -> Plan {
    let table = KernelTable(family: .bridge, name: "bridgeward-probe")
    let path = TablePath(table.family, table.name)
    let place = BaseChain(.filter, .forward, priority: HookPriority.bridgeFilter)
    let rules = capabilities.map { capability in
      Operation.addRule(path, chain: "probe", KernelRule(capability.sample), .last)
    }
    return Plan([.addTable(table), .addChain(path, KernelChain("probe", .base(place)))] + rules)
  }
}

extension Capability {
  /// The least that needs it.
  fileprivate var sample: [Expression] {
    switch self {
    case .bridgeMeta: [.meta(.inputBridge, into: .first)]
    case .bridgeConntrack: [.conntrack(.state, direction: nil, into: .first)]
    }
  }
}
