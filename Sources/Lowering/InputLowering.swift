import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// What may reach the host itself: only lines and `serve` speak of it, the rest is the host's own
/// firewall's business.
func lowerInput(_ context: LoweringContext, into table: inout TableBuilder) {
  let touched = context.seenInterfaces
  let denials = table.flowRules(
    context.policy.access.filter { $0.verb != .allow }, in: .input, context)
  let permissions = table.flowRules(
    context.policy.access.filter { $0.verb == .allow }, in: .input, context)
  let defaults = table.flowRules(context.policy.defaults, in: .input, context)
  let services = servedRules(context)
  let flows = denials + permissions + services + defaults
  let base = BaseChain(.filter, .input, priority: HookPriority.filter)
  guard !flows.isEmpty else {
    guard !touched.isEmpty else { return }
    let match = table.interfaceMatch(touched, name: "bridged")
    table.addBase("filter-input", base, [invalidRule(context, .inputInterface(match))])
    return
  }
  var rules = context.connectionRules + context.neighborDiscovery
  if defaults.contains(where: { $0.isRefusal && !$0.isConfined(to: touched) }) {
    rules += essentials(context)
  }
  table.addChain("input", rules + denials + permissions + services + defaults)
  let others = flows.contains { !$0.isConfined(to: touched) }
  table.addBase("filter-input", base, entryRules(touched, others: others, context, &table))
}

private func invalidRule(_ context: LoweringContext, _ interface: Match) -> Rule {
  context.rule([interface, .connectionState([.invalid])], .drop, "invalid state")
}

private func entryRules(
  _ touched: [InterfaceName], others: Bool, _ context: LoweringContext,
  _ table: inout TableBuilder
) -> [Rule] {
  if others || touched.isEmpty {
    return [context.rule([.inputInterface(.differs(.loopback))], .goto("input"))]
  }
  let match = table.interfaceMatch(touched, name: "bridged")
  return [context.rule([.inputInterface(match)], .goto("input"))]
}

extension Rule {
  /// Whether the rule refuses packets.
  var isRefusal: Bool {
    actions.contains { action in
      switch action {
      case .verdict(.drop), .verdict(.goto), .verdict(.jump), .reject: true
      case .verdict(.accept), .verdict(.return), .counter, .log, .setMark, .dispatch,
        .destinationNAT, .sourceNAT, .masquerade, .clampMSS, .fixChecksum, .remember,
        .learnInputInterface:
        false
      }
    }
  }

  /// Whether only packets of these interfaces come to the rule's actions.
  fileprivate func isConfined(to interfaces: [InterfaceName]) -> Bool {
    matches.contains { match in
      if case .inputInterface(.equals(let name)) = match {
        interfaces.contains(name)
      } else {
        false
      }
    }
  }
}

/// What a host that refuses the world still needs from it: router advertisements and multicast
/// listener queries (RFC 4861, RFC 2710, RFC 3810), and answers to its own DHCP client.
private func essentials(_ context: LoweringContext) -> [Rule] {
  var rules = [UInt8(130), 131, 132, 134, 143].map {
    context.rule([.icmp(.ipv6, type: $0, code: nil)], .accept, "IPv6 needs it")
  }
  for (family, from, to) in [(AddressFamily.ipv4, UInt16(67), UInt16(68)), (.ipv6, 547, 546)] {
    rules.append(
      context.rule(
        [
          .family(family), .transport(.udp), .sourcePort([PortRange(from)]),
          .destinationPort([PortRange(to)]),
        ], .accept, "the host's own DHCP client"))
  }
  return rules
}
