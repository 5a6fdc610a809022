import Diagnostics
import Netfilter
import PolicyModel

/// `internal`: no path between the network and the world, whatever another line says.
func lowerInternal(_ context: LoweringContext, into table: inout TableBuilder) -> [Rule] {
  var rules: [Rule] = []
  for index in context.ownNetworks {
    let network = context.network(index)
    guard let span = network.internalSpan,
      let outward = table.toNetworks(context, negated: true),
      let inward = table.fromNetworks(context, negated: true)
    else { continue }
    let interface = context.interface(index)
    rules.append(
      context.rule(
        [.inputInterface(.equals(interface)), outward], context.denial, "internal", at: span))
    rules.append(
      context.rule(
        [inward, .outputInterface(.equals(interface))], context.denial, "internal", at: span))
  }
  return rules
}
