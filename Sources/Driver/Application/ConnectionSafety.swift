import Diagnostics
import KernelForm
import Netfilter
import NetworkTypes
import PolicyModel

/// Whether a change may cut a connection to this host.
///
/// Errs on the side of yes: a connection that lasts by conntrack's memory alone, so that nobody
/// could make it a second time, counts as cut.
struct ConnectionSafety {
  private let comparison: Comparison

  init(_ comparison: Comparison) { self.comparison = comparison }

  func cuts(_ connection: SSHConnection) -> Bool {
    guard let policy = comparison.after.policy else { return false }
    if comparison.plan.isEmpty { return false }
    if policy.publishes.contains(where: { $0.takes(connection.server) }) { return true }
    let coverage = ConnectionCoverage(connection, policy)
    if coverage.isRefused { return true }
    let isMember = policy.networks.contains { network in
      network.subnets.contains { $0.value.contains(connection.client.address) }
    }
    guard isMember else { return false }
    let ways = HostWays(comparison.after.kernel)
    return comparison.plan.operations.contains { $0.refusesPackets && ways.mayLeadThrough($0) }
  }
}

extension Publish {
  /// Whether connections to this end would get to a container instead.
  fileprivate func takes(_ end: SSHConnection.End) -> Bool {
    transport == .tcp && hostPorts.lower <= end.port && end.port <= hostPorts.upper
      && families.contains(end.address.family) && (hostAddress ?? end.address) == end.address
  }
}

extension Operation {
  /// Whether the step makes packets end that got on before; steps of the bridge table touch no
  /// packet to the host.
  fileprivate var refusesPackets: Bool {
    switch self {
    case .addRule(let path, _, let rule, _):
      path.family == .inet && rule.expressions.contains(where: \.refusesPackets)
    case .addElements(let path, let set), .deleteElements(let path, let set):
      path.family == .inet && !set.elements.verdicts.isEmpty
    case .addTable, .deleteTable, .addChain, .deleteChain, .addSet, .deleteSet, .deleteRule: false
    }
  }
}

extension Expression {
  fileprivate var refusesPackets: Bool {
    // Whoever goes elsewhere does not come back to what let packets pass.
    if case .verdict(.drop) = self { return true }
    if case .verdict(.goto) = self { return true }
    if case .reject = self { return true }
    return false
  }
}

/// The chains and maps that packets to the host itself may come by.
private struct HostWays {
  private var names: Set<String> = []

  init(_ kernel: KernelRuleset) {
    guard let table = kernel.table(.inet) else { return }
    let chains = Dictionary(table.chains.map { ($0.name, $0) }) { first, _ in first }
    let maps = Dictionary(table.sets.map { ($0.name, $0) }) { first, _ in first }
    var open = table.chains.filter { chain in
      guard case .base(let base) = chain.kind else { return false }
      return base.hook == .prerouting || base.hook == .input
    }.map(\.name)
    while let name = open.popLast() {
      guard names.insert(name).inserted else { continue }
      for expression in chains[name]?.rules.flatMap(\.expressions) ?? [] {
        switch expression {
        case .verdict(.jump(let next)), .verdict(.goto(let next)): open.append(next)
        case .lookup(let map, _, _, _):
          names.insert(map)
          open += Set(maps[map]?.elements.verdicts.compactMap(\.next) ?? [])
        default: continue
        }
      }
    }
  }

  /// Whether packets to the host may meet what the step changes.
  func mayLeadThrough(_ step: Operation) -> Bool {
    switch step {
    case .addRule(_, let chain, _, _): names.contains(chain)
    case .addElements(_, let set), .deleteElements(_, let set): names.contains(set.name)
    case .addTable, .deleteTable, .addChain, .deleteChain, .addSet, .deleteSet, .deleteRule: false
    }
  }
}

extension Verdict {
  /// The chain that it leads to.
  fileprivate var next: String? {
    switch self {
    case .jump(let name), .goto(let name): name
    case .accept, .drop, .return: nil
    }
  }
}
