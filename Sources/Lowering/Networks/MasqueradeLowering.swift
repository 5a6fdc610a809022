import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// How packets leave: hairpins first, then what goes to the world.
func lowerPostrouting(_ context: LoweringContext, into table: inout TableBuilder) {
  var rules = lowerHairpin(context, into: &table)
  let rewrites =
    guestRules(context, into: &table) + networkRules(context, into: &table)
    + plainRules(context, into: &table)
  if !rewrites.isEmpty {
    table.addChain("to-world", exemptions(context) + rewrites)
    rules.append(context.rule([.mark(leavingMark)], .jump("to-world")))
    markLeaving(context, into: &table)
  }
  table.addBase(
    "nat-postrouting", BaseChain(.nat, .postrouting, priority: HookPriority.sourceNAT), rules)
}

/// The mark of packets that the host forwards from a masqueraded network to the world.
///
/// The address alone does not tell: a frame of another bridge, or a packet of the world, may bear
/// one of the network's. And where sources are rewritten, iptables no longer knows the interface.
let leavingMark = PacketMark(value: 0x2000_0000, mask: 0x2000_0000)

private func markLeaving(_ context: LoweringContext, into table: inout TableBuilder) {
  let rewriting = context.seenNetworks.filter { index in
    let network = context.network(index)
    return !network.masquerades.isEmpty || !network.sourceNATs.isEmpty
  }
  let sources = table.interfaceMatch(
    rewriting.map(context.interface).sorted(), name: "masqueraded")
  let world = [table.toNetworks(context, negated: true)].compactMap { $0 }
  table.addBase(
    "mark-leaving", BaseChain(.filter, .forward, priority: HookPriority.mangle),
    [Rule([.inputInterface(sources)] + world, [.setMark(leavingMark)], comment: "to the world")])
}

/// Multicast keeps its source: nobody could answer the rewritten one. Broadcast is not forwarded.
private func exemptions(_ context: LoweringContext) -> [Rule] {
  let families = Set(context.policy.networks.flatMap(\.masquerades).map(\.family))
  var prefixes: [AddressPrefix] = []
  if families.contains(.ipv4) {
    prefixes.append(
      AddressPrefix(masking: IPAddress(family: .ipv4, bits: 0xE000_0000), length: 4))
  }
  if families.contains(.ipv6) {
    let multicast = IPAddress(family: .ipv6, bits: UInt128(0xFF) << 120)
    prefixes.append(AddressPrefix(masking: multicast, length: 8))
  }
  return prefixes.map {
    context.rule([.destination(AddressMatch($0))], .return, "multicast")
  }
}

/// `snat CONTAINER as ADDRESS`
private func guestRules(_ context: LoweringContext, into table: inout TableBuilder) -> [Rule] {
  context.seenNetworks.flatMap { index in
    context.network(index).sourceNATs.flatMap { setting in
      let guest = context.network(index).guests[setting.guest]
      return guest.addresses(of: setting.address.family).map { address in
        Rule(
          [.source(AddressMatch(address))],
          [
            .counter,
            .sourceNAT(
              SourceNAT(addresses: AddressRange(setting.address), ports: nil, order: .kernel)),
          ], origin: context.origin(setting.span), comment: "snat \(context.names[index])")
      }
    }
  }
}

/// `masquerade` with an address, ports or an interface of its own.
private func networkRules(_ context: LoweringContext, into table: inout TableBuilder) -> [Rule] {
  var rules: [Rule] = []
  for index in context.seenNetworks {
    let network = context.network(index)
    for setting in network.masquerades where !setting.isPlain {
      let source = table.addressMatch(subnetRanges(network, setting.family))
      var matches: [Match] = []
      if let via = setting.via { matches.append(.outputInterface(.equals(via))) }
      matches.append(.source(source))
      for variant in variants(setting) {
        rules.append(
          Rule(
            matches + variant.matches, [.counter, variant.action],
            origin: context.origin(setting.span), comment: "masquerade"))
      }
    }
  }
  return rules
}

/// A choice of ports concerns the protocols that have some; the others are rewritten without.
private func variants(_ setting: Masquerade) -> [(matches: [Match], action: Action)] {
  guard let ports = setting.ports else { return [([], action(setting, ports: nil))] }
  return [TransportProtocol.tcp, .udp].map {
    ([.transport($0)], action(setting, ports: ports))
  } + [([], action(setting, ports: nil))]
}

private func action(_ setting: Masquerade, ports: PortRange?) -> Action {
  let order = order(setting.randomness)
  guard let address = setting.address else { return .masquerade(ports: ports, order) }
  return .sourceNAT(SourceNAT(addresses: address, ports: ports, order: order))
}

/// Plain `masquerade`: the networks of one family together, by a set of their prefixes.
private func plainRules(_ context: LoweringContext, into table: inout TableBuilder) -> [Rule] {
  var rules: [Rule] = []
  for family in AddressFamily.allCases {
    for choice in [SourcePortChoice.kernel, .random, .fullyRandom] {
      let networks = context.seenNetworks.map(context.network).filter { network in
        network.masquerades.contains {
          $0.isPlain && $0.family == family && $0.randomness == choice
        }
      }
      guard !networks.isEmpty else { continue }
      let ranges = AddressSet(networks.flatMap { subnetRanges($0, family) }).ranges
      // Networks side by side share a rule, but only a rule of one network names its line.
      let settings = networks.flatMap(\.masquerades).filter { $0.isPlain && $0.family == family }
      rules.append(
        Rule(
          [.source(table.addressMatch(ranges))],
          [.counter, .masquerade(ports: nil, order(choice))],
          origin: settings.count == 1 ? context.origin(settings[0].span) : nil,
          comment: "masquerade"))
    }
  }
  return rules
}

private func subnetRanges(_ network: Network, _ family: AddressFamily) -> [AddressRange] {
  AddressSet(network.subnets(of: family).map { AddressRange($0) }).ranges
}

private func order(_ choice: SourcePortChoice) -> SourcePortOrder {
  switch choice {
  case .kernel: .kernel
  case .random: .random
  case .fullyRandom: .fullyRandom
  }
}

extension Masquerade {
  /// Whether it differs from others in nothing but the network.
  fileprivate var isPlain: Bool { address == nil && ports == nil && via == nil }
}
