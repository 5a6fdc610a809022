package import Diagnostics
package import Netfilter
package import PolicyModel

/// The name of every table that belongs to this program.
package let tableName = "bridgeward"

/// The comment by which this program knows its tables.
package let ownershipComment = "managed by bridgeward"

/// What `policy` means to netfilter, for kernels that have `capabilities`.
///
/// - Complexity: linear in lines, but for address lists (n log n).
package func lower(
  _ policy: Policy, sources: SourceMap, capabilities: Set<Capability> = []
) -> Ruleset {
  let context = LoweringContext(policy, sources: sources, capabilities: capabilities)
  var inet = TableBuilder(.inet)
  inet.addInterfaces(context)
  lowerDeniedLog(context, canReject: true, into: &inet)
  lowerLoopbackGuard(context, into: &inet)
  lowerAntispoof(context, into: &inet)
  lowerAdmission(context, into: &inet)
  lowerPublishing(context, into: &inet)
  lowerTranslatedMark(context, into: &inet)
  lowerForward(context, into: &inet)
  lowerInput(context, into: &inet)
  lowerOutput(context, into: &inet)
  lowerMSSClamp(context, into: &inet)
  lowerServedChecksums(context, into: &inet)
  lowerPostrouting(context, into: &inet)

  var bridge = TableBuilder(.bridge)
  lowerBridgedAntispoof(context, into: &bridge)
  lowerBridgedFlows(context, into: &bridge)
  return Ruleset(tables: [inet, bridge].compactMap { $0.sealed() })
}
