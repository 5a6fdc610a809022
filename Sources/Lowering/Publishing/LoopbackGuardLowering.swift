import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

extension LoweringContext {
  /// Whether some published port answers on 127.0.0.0/8: then the kernel is told to route such
  /// addresses, and nobody but the host may use them.
  var publishesOnLoopback: Bool {
    policy.publishes.indices.contains { index in
      policy.publishes[index].familySet.contains(.ipv4)
        && translations.contains(policy.publishes[index].network, .ipv4)
        && (policy.publishes[index].hostAddress?.isLoopback ?? true)
    }
  }
}

/// Language row 12: loopback addresses from outside are forged, as destination and as source.
func lowerLoopbackGuard(_ context: LoweringContext, into table: inout TableBuilder) {
  guard context.publishesOnLoopback else { return }
  let loopback = AddressMatch(
    AddressPrefix(masking: IPAddress(family: .ipv4, bits: 127 << 24), length: 8))
  let outside = Match.inputInterface(.differs(.loopback))
  table.addBase(
    "raw-loopback", BaseChain(.filter, .prerouting, priority: HookPriority.raw),
    [
      context.rule([outside, .destination(loopback)], .drop, "loopback from outside"),
      context.rule([outside, .source(loopback)], .drop, "loopback from outside"),
    ])
}
