import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// What the host itself may send: everything but what lines refuse.
func lowerOutput(_ context: LoweringContext, into table: inout TableBuilder) {
  let touched = context.seenInterfaces
  let denials = table.flowRules(
    context.policy.access.filter { $0.verb != .allow }, in: .output, context)
  let permissions = table.flowRules(
    context.policy.access.filter { $0.verb == .allow }, in: .output, context)
  let defaults = table.flowRules(context.policy.defaults, in: .output, context)
  let base = BaseChain(.filter, .output, priority: HookPriority.filter)
  // Permissions alone change nothing: what the host sends is accepted anyway.
  guard (denials + defaults).contains(where: \.isRefusal) else {
    guard !touched.isEmpty else { return }
    let match = table.interfaceMatch(touched, name: "bridged")
    table.addBase(
      "filter-output", base,
      [
        context.rule(
          [.outputInterface(match), .connectionState([.invalid])], .drop, "invalid state")
      ])
    return
  }
  table.addChain(
    "output",
    context.connectionRules + context.neighborDiscovery + servedAnswers(context) + denials
      + permissions + defaults)
  table.addBase(
    "filter-output", base,
    [context.rule([.outputInterface(.differs(.loopback))], .goto("output"))])
}
