package import Diagnostics
package import Netfilter
package import PolicyModel

/// What a policy means to netfilter, table by table: what a kernel can do matters to one of them only.
///
/// - Complexity: linear in lines, but for address lists (n log n).
package struct PolicyLowering: Sendable {
  /// As for a kernel that can do nothing more than all can.
  private let context: LoweringContext

  package init(_ policy: Policy, sources: SourceMap) {
    context = LoweringContext(policy, sources: sources)
  }

  /// All rules, for kernels that have `capabilities`.
  package func ruleset(for capabilities: Set<Capability>) -> Ruleset {
    Ruleset(hostTable, bridgeTable(for: capabilities))
  }

  /// The rules for packets that the host's IP layer sees; `nil` where there are none.
  package var hostTable: Table? {
    var table = TableBuilder(.inet)
    table.addInterfaces(context)
    lowerDeniedLog(context, canReject: true, into: &table)
    lowerLoopbackGuard(context, into: &table)
    lowerAntispoof(context, into: &table)
    lowerAdmission(context, into: &table)
    lowerPublishing(context, into: &table)
    lowerTranslatedMark(context, into: &table)
    lowerForward(context, into: &table)
    lowerInput(context, into: &table)
    lowerOutput(context, into: &table)
    lowerMSSClamp(context, into: &table)
    lowerServedChecksums(context, into: &table)
    lowerPostrouting(context, into: &table)
    return table.sealed()
  }

  /// The rules for frames between the ports of a bridge; `nil` where there are none.
  package func bridgeTable(for capabilities: Set<Capability>) -> Table? {
    let context = context.on(capabilities)
    var table = TableBuilder(.bridge)
    lowerBridgedAntispoof(context, into: &table)
    lowerBridgedFlows(context, into: &table)
    return table.sealed()
  }

  /// Whether it matters to the rules, or to what is said of the policy's lines, if a kernel can do
  /// more than `capabilities`.
  package func dependsOnKernel(beyond capabilities: Set<Capability>) -> Bool {
    // What is said of these lines differs where the rules do not.
    if context.countsFrames { return true }
    return bridgeTable(for: capabilities) != bridgeTable(for: Set(Capability.allCases))
  }
}

extension Ruleset {
  /// The tables that there are.
  package init(_ hostTable: Table?, _ bridgeTable: Table?) {
    self.init(tables: [hostTable, bridgeTable].compactMap(\.self))
  }
}
