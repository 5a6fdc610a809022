import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// What may pass through the host: denials first, then permissions, then the networks' settings.
///
/// The settings are asked for in the source's chain and then in the destination's, so that a
/// network that is closed towards others cannot be opened by what the others publish.
func lowerForward(_ context: LoweringContext, into table: inout TableBuilder) {
  let touched = context.seenInterfaces
  guard !touched.isEmpty else { return }
  let defaults = table.flowRules(context.defaults, in: .forward, context)
  if !defaults.isEmpty { table.addChain("forward-defaults", defaults) }
  let settings = NetworkSettings(context, hasDefaults: !defaults.isEmpty)
  settings.lower(into: &table)

  var rules = context.connectionRules
  rules += bridgedFrameRules(context, into: &table)
  rules += lowerInternal(context, into: &table)
  rules += verbRules([.deny, .reject], map: "denied", context, into: &table)
  rules += verbRules([.allow], map: "allowed", context, into: &table)
  rules += settings.strangersOnLAN(into: &table)
  if !context.ownNetworks.isEmpty {
    rules.append(Rule([], [.dispatch([.inputInterface], map: "from-network")]))
    rules.append(Rule([], [.dispatch([.outputInterface], map: "to-network")]))
  }
  table.addChain("forward", rules)

  let interfaces = table.interfaceMatch(
    touched, name: touched == context.ownInterfaces ? "networks" : "bridged")
  table.addBase(
    "filter-forward", BaseChain(.filter, .forward, priority: HookPriority.filter),
    [
      context.rule([.inputInterface(interfaces)], .goto("forward")),
      context.rule([.outputInterface(interfaces)], .goto("forward")),
    ])
}

private func verbRules(
  _ verbs: Set<AccessRule.Verb>, map: String, _ context: LoweringContext,
  into table: inout TableBuilder
) -> [Rule] {
  let flows = context.access.filter { verbs.contains($0.rule.verb) }
  return table.exactFlowRules(flows, map: map, context)
    + table.flowRules(flows, in: .forward, context)
}
