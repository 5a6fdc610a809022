import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// `mss clamp`: for connections through the host that a network takes part in.
func lowerMSSClamp(_ context: LoweringContext, into table: inout TableBuilder) {
  guard let clamp = context.policy.mssClamp, !context.seenInterfaces.isEmpty else { return }
  let interfaces = table.interfaceMatch(context.seenInterfaces, name: "bridged")
  let bytes: UInt16? =
    switch clamp.value {
    case .pathMTU: nil
    case .bytes(let bytes): bytes
    }
  let rules = [Match.inputInterface(interfaces), .outputInterface(interfaces)].map {
    Rule([$0, .transport(.tcp)], [.clampMSS(bytes)], origin: context.origin(clamp.span))
  }
  table.addBase(
    "mangle-forward", BaseChain(.filter, .forward, priority: HookPriority.mangle), rules)
}
