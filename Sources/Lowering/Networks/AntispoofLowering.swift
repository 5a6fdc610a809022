import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

extension LoweringContext {
  var spoofGuarded: [Int] {
    seenNetworks.filter { network($0).antispoof.value }
  }
}

/// Language row 17, for what a network sends through or to the host.
func lowerAntispoof(_ context: LoweringContext, into table: inout TableBuilder) {
  // By an interface that leads to a LAN everybody's packets come.
  let guarded = context.spoofGuarded.filter { !context.network($0).isOnLAN }
  guard !guarded.isEmpty else { return }
  var elements: [VerdictMap.Element] = []
  for index in guarded {
    let name = "antispoof-\(context.names[index])"
    let rules = ownSourceRules(index, context, into: &table)
    let span = context.network(index).antispoof.span
    table.addChain(name, rules + [context.rule([], .drop, "antispoof", at: span)])
    elements.append(
      VerdictMap.Element(
        [.interface(context.interface(index))], .goto(name), origin: context.origin(span)))
  }
  table.add(VerdictMap("antispoof", [.inputInterface], elements: elements))
  table.addBase(
    "raw-antispoof", BaseChain(.filter, .prerouting, priority: HookPriority.raw + 1),
    [Rule([], [.dispatch([.inputInterface], map: "antispoof")])])
}

/// What makes whoever sends it the way out for all who hear it (RFC 4861, 4.2).
let routerAdvertisement = Match.icmp(.ipv6, type: 134, code: nil)

/// Rules that return for every source that a member of the network may have, who is no router.
func ownSourceRules(
  _ index: Int, _ context: LoweringContext, into table: inout TableBuilder
) -> [Rule] {
  let network = context.network(index)
  var rules = [context.rule([routerAdvertisement], .drop, "not a router")]
  for guest in network.guests {
    let mac = guest.mac.map { [Match.sourceMAC($0.value, negated: false)] } ?? []
    for address in guest.addresses {
      rules.append(
        context.rule(
          mac + [.source(AddressMatch(address.value))], .return, nil, at: guest.span))
    }
  }
  for pool in network.pools {
    rules.append(
      context.rule([.source(AddressMatch(.range(pool.value)))], .return, "pool", at: pool.span))
  }
  if network.guests.isEmpty, network.pools.isEmpty { rules += anyMember(network, context) }
  return rules + addressless(network, context)
}

/// Without named members every address of the subnets may be one's, but the gateway's.
private func anyMember(_ network: Network, _ context: LoweringContext) -> [Rule] {
  let gateways = network.gateways.map {
    context.rule([.source(AddressMatch($0))], .drop, "the gateway's own address")
  }
  let subnets = network.subnets.map {
    context.rule([.source(AddressMatch($0.value))], .return, nil, at: $0.span)
  }
  return gateways + subnets
}

/// Sources of machines that have no address yet, and link-local ones: DHCP (RFC 2131), neighbor
/// discovery and DHCPv6 (RFC 4861, RFC 8415).
private func addressless(_ network: Network, _ context: LoweringContext) -> [Rule] {
  var rules: [Rule] = []
  if network.families.contains(.ipv4) {
    rules.append(
      context.rule(
        [
          .source(AddressMatch(IPAddress(family: .ipv4, bits: 0))), .transport(.udp),
          .sourcePort([PortRange(68)]), .destinationPort([PortRange(67)]),
        ], .return, "DHCP"))
  }
  let unspecified = IPAddress(family: .ipv6, bits: 0)
  let linkLocal = IPAddress(family: .ipv6, bits: UInt128(0xFE80) << 112)
  rules.append(
    context.rule(
      [.source(AddressMatch(unspecified)), .transport(.icmpv6)], .return,
      "address detection"))
  rules.append(
    context.rule(
      [.source(AddressMatch(AddressPrefix(masking: linkLocal, length: 10)))], .return,
      "link-local"))
  return rules
}
