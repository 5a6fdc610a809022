package import Diagnostics
package import Netfilter
import NetworkTypes
package import PolicyModel

/// The mark of frames that bridge rules have let pass: where bridged frames are handed to IP rules
/// next, nothing about them is to be counted or logged a second time.
private let judgedMark = PacketMark(value: 0x1000_0000, mask: 0x1000_0000)

/// Marks the frames that come by from here on.
let markJudged = Rule([], [.setMark(judgedMark)], comment: "judged here, not by IP rules")

extension LoweringContext {
  /// The part of the bridged networks that have a line that counts or logs.
  var countedNetworks: [Int] {
    let counting = (access + defaults).filter(\.rule.clauses.countsOrLogs)
    if counting.isEmpty { return [] }
    let lines = BridgedLines(counting, self)
    return bridgedNetworks.filter { !lines.of($0).isEmpty }
  }
}

/// What the forwarding of packets lets pass within a bridge, where bridged frames are handed to IP
/// rules: neighbors who ask for each other, since the same message on its way to another network is
/// traffic like any other; and what the bridge's own rules have judged.
func bridgedFrameRules(_ context: LoweringContext, into table: inout TableBuilder) -> [Rule] {
  let elements = context.bridgedNetworks.map { index in
    let interface = KeyValue.interface(context.interface(index))
    return VerdictMap.Element([interface, interface], .accept)
  }
  guard !elements.isEmpty else { return [] }
  let fields = [KeyField.inputInterface, .outputInterface]
  table.add(VerdictMap("same-bridge", fields, elements: elements))
  let pass = Action.dispatch(fields, map: "same-bridge")
  let neighbors = neighborMessages.map {
    Rule([.icmp(.ipv6, type: $0, code: nil)], [pass], comment: "neighbor discovery")
  }
  if context.countedNetworks.isEmpty { return neighbors }
  return neighbors
    + [Rule([.mark(judgedMark)], [pass], comment: "judged in the bridge table")]
}

/// Lines that count connections between members of a bridge, where nobody tracks them.
package struct UncountableLine: Hashable, Sendable {
  package let rule: SourceSpan
  /// The index of the network.
  package let network: Int
}

/// The lines of `policy` whose `connections` clause kernels with `capabilities` cannot keep.
///
/// - Complexity: as lowering, if there is such a clause at all.
package func uncountableLines(
  _ policy: Policy, sources: SourceMap, capabilities: Set<Capability>
) -> [UncountableLine] {
  let rules = policy.access + policy.defaults
  guard !capabilities.contains(.bridgeConntrack),
    rules.contains(where: { $0.clauses.connections != nil })
  else { return [] }
  let context = LoweringContext(policy, sources: sources, capabilities: capabilities)
  let lines = BridgedLines(
    (context.access + context.defaults).filter { $0.rule.clauses.connections != nil }, context)
  return context.bridgedNetworks.flatMap { network in
    lines.of(network).map { UncountableLine(rule: $0.rule.span, network: network) }
  }
}

extension FlowClauses {
  fileprivate var countsOrLogs: Bool { limit != nil || connections != nil || log != nil }
}
