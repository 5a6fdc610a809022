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
    return isMember && comparison.plan.operations.contains(where: \.refusesPackets)
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
    if case .verdict(.drop) = self { return true }
    if case .reject = self { return true }
    return false
  }
}
