import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// What may reach the host itself: only lines and `serve` speak of it, the rest is the host's own
/// firewall's business.
func lowerInput(_ context: LoweringContext, into table: inout TableBuilder) {
  var flows = HostFlows(.input, context, &table)
  flows.services = servedRules(context)
  flows.lower(into: &table, isNeeded: !flows.all.isEmpty)
}

/// What the host itself may send: everything but what lines refuse.
func lowerOutput(_ context: LoweringContext, into table: inout TableBuilder) {
  var flows = HostFlows(.output, context, &table)
  flows.services = servedAnswers(context)
  // Permissions alone change nothing: what the host sends is accepted anyway.
  flows.lower(
    into: &table, isNeeded: (flows.denials + flows.defaults).contains(where: \.isRefusal))
}

/// The rules for packets to the host itself, or from it.
private struct HostFlows {
  let place: FlowPlace
  let context: LoweringContext
  let denials: [Rule]
  let permissions: [Rule]
  let defaults: [Rule]
  var services: [Rule] = []

  init(_ place: FlowPlace, _ context: LoweringContext, _ table: inout TableBuilder) {
    self.place = place
    self.context = context
    let access = context.access
    denials = table.flowRules(access.filter { $0.rule.verb != .allow }, in: place, context)
    permissions = table.flowRules(access.filter { $0.rule.verb == .allow }, in: place, context)
    defaults = table.flowRules(context.defaults, in: place, context)
  }

  var all: [Rule] { denials + permissions + services + defaults }

  private var isInput: Bool { place == .input }
  private var name: String { isInput ? "input" : "output" }

  private func interface(_ match: InterfaceMatch) -> Match {
    isInput ? .inputInterface(match) : .outputInterface(match)
  }

  /// Adds the chains; where no line speaks of such packets, only what conntrack finds invalid is
  /// dropped on the networks' interfaces.
  func lower(into table: inout TableBuilder, isNeeded: Bool) {
    let touched = context.seenInterfaces
    let networks =
      touched.isEmpty ? nil : interface(table.interfaceMatch(touched, name: "bridged"))
    let invalid = networks.map {
      context.rule([$0, .connectionState([.invalid])], .drop, "invalid state")
    }
    let base = BaseChain(
      .filter, isInput ? .input : .output, priority: HookPriority.filter)
    guard isNeeded else {
      table.addBase("filter-\(name)", base, [invalid].compactMap { $0 })
      return
    }
    var rules = [context.replies] + [invalid].compactMap { $0 } + context.neighborDiscovery
    let own = Set(touched)
    let refusesOthers = defaults.contains { $0.isRefusal && !isConfined($0, to: own) }
    if isInput, refusesOthers { rules += essentials }
    table.addChain(name, rules + all)
    let isConfinedToNetworks = all.allSatisfy { isConfined($0, to: own) }
    let entry =
      isConfinedToNetworks ? networks : interface(.differs(.loopback))
    table.addBase(
      "filter-\(name)", base, [context.rule([entry].compactMap { $0 }, .goto(name))])
  }

  /// Whether only packets of these interfaces come to the rule's actions.
  private func isConfined(_ rule: Rule, to interfaces: Set<InterfaceName>) -> Bool {
    rule.matches.contains { match in
      if case .inputInterface(.equals(let name)) = match { return interfaces.contains(name) }
      if case .outputInterface(.equals(let name)) = match { return interfaces.contains(name) }
      return false
    }
  }

  /// What a host that refuses the world still needs from it: router advertisements and multicast
  /// membership (RFC 4861, RFC 2710, RFC 3810, RFC 3376), and answers to its own DHCP client.
  private var essentials: [Rule] {
    var rules = [UInt8(130), 131, 132, 134, 143].map {
      context.rule([.icmp(.ipv6, type: $0, code: nil)], .accept, "IPv6 needs it")
    }
    rules.append(
      context.rule([.family(.ipv4), .transport(.igmp)], .accept, "multicast membership"))
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
}

extension Rule {
  /// Whether the rule may refuse packets.
  fileprivate var isRefusal: Bool {
    actions.contains { action in
      switch action {
      case .verdict(.drop), .verdict(.goto), .verdict(.jump), .reject: true
      case .verdict(.accept), .verdict(.return), .counter, .log, .setMark, .dispatch,
        .destinationNAT, .sourceNAT, .masquerade, .clampMSS, .fixChecksum, .remember,
        .learnOutputInterface:
        false
      }
    }
  }
}
