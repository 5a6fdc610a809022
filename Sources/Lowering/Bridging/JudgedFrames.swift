package import Diagnostics
import Netfilter
import NetworkTypes
package import PolicyModel

/// The mark of frames that bridge rules have let pass: where bridged frames are handed to IP rules
/// next, nothing about them is to be counted or logged a second time.
private let judgedMark = PacketMark(value: 0x1000_0000, mask: 0x1000_0000)

/// Marks the frames that come by from here on.
let markJudged = Rule([], [.setMark(judgedMark)], comment: "judged here, not by IP rules")

extension LoweringContext {
  /// What ``countedNetworks`` holds.
  func networksWithCountedFrames() -> [Int] {
    let lines = linesWithin { $0.limit != nil || $0.connections != nil || $0.log != nil }
    return lines.isEmpty
      ? []
      : bridgedNetworks.filter { index in
        lines.contains { !$0.of(index).isEmpty }
      }
  }

  /// The lines and defaults of a kind.
  func flows(where isWanted: (AccessRule) -> Bool) -> [Flow] {
    access.filter { isWanted($0.rule) } + defaults.filter { isWanted($0.rule) }
  }

  /// The flow lines and the publishes with such clauses that are about members of one bridge.
  fileprivate func linesWithin(_ isWanted: (FlowClauses) -> Bool) -> [BridgedLines] {
    let flows = flows { isWanted($0.clauses) }
    let hasPublish = policy.terms.contains { isWanted($0.clauses) }
    let opened = hasPublish ? OpenedPorts(self).restrictedFlows : []
    let publishes = opened.filter { isWanted($0.rule.clauses) }
    return [flows, publishes].filter { !$0.isEmpty }.map { BridgedLines($0, self) }
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

/// A line that counts connections between members of a bridge.
package struct FrameCountingLine: Hashable, Sendable {
  package let span: SourceSpan
  /// The index of the network.
  package let network: Int
  /// Whether it is a publish; where nobody can count, the members cannot use it.
  package let isPublish: Bool
}

/// The lines of `policy` that count connections between members of a bridge: only a kernel that
/// tracks those (``Capability/bridgeConntrack``) can keep them.
///
/// - Complexity: as lowering, if there is such a clause at all.
package func frameCountingLines(_ policy: Policy, sources: SourceMap) -> [FrameCountingLine] {
  guard policy.countsConnections else { return [] }
  return LoweringContext(policy, sources: sources).frameCountingLines()
}

extension LoweringContext {
  /// Whether some line counts connections between members of a bridge, so that they have to be tracked.
  ///
  /// Tracking costs more than it is worth for anything but counts: while bridged frames are handed to
  /// IP rules, the kernel confirms a tracked frame's connection before those can translate its
  /// source, and takes the connection away from the host's copy of a broadcast.
  var countsFrames: Bool { policy.countsConnections && !frameCountingLines().isEmpty }

  fileprivate func frameCountingLines() -> [FrameCountingLine] {
    let lines = linesWithin { $0.connections != nil }
    let publishes = Set(policy.publishes.lazy.filter(\.isRestricted).map(\.span))
    return bridgedNetworks.flatMap { index in
      lines.flatMap { $0.of(index) }.compactMap { flow in
        let isPublish = publishes.contains(flow.rule.span)
        // Where members may talk anyway, a publish opens nothing for them.
        if isPublish, network(index).icc.value { return nil }
        return FrameCountingLine(span: flow.rule.span, network: index, isPublish: isPublish)
      }
    }
  }
}

extension Policy {
  fileprivate var countsConnections: Bool {
    (access + defaults).contains { $0.clauses.connections != nil }
      || terms.contains { $0.clauses.connections != nil }
  }
}
