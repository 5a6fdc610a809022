import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// Language row 17 between the ports of a bridge, ARP and neighbor discovery included.
///
/// Without `meta ibrname` rules cannot ask for the bridge; they ask for the addresses that the
/// policy gives away instead: nobody but its owner may use one, whatever the port.
func lowerBridgedAntispoof(_ context: LoweringContext, into table: inout TableBuilder) {
  var rules: [Rule] = []
  for index in context.spoofGuarded where context.network(index).isBridge {
    let guarded = SpoofGuard(index, context)
    rules += guarded.gatewayRules
    for guest in context.network(index).guests {
      rules += guarded.ownerRules(guest) + guarded.claimRules(guest, into: &table)
    }
    if context.knowsBridges, !context.network(index).isOnLAN {
      rules += guarded.memberRules(into: &table)
    }
  }
  table.addBase(
    "antispoof-bridged",
    BaseChain(.filter, .prerouting, priority: HookPriority.bridgePrerouting), rules)
}

private struct SpoofGuard {
  let index: Int
  let context: LoweringContext
  let network: Network

  init(_ index: Int, _ context: LoweringContext) {
    self.index = index
    self.context = context
    network = context.network(index)
  }

  private func drop(_ matches: [Match], _ why: String, at guest: Guest? = nil) -> Rule {
    context.rule(matches, .drop, why, at: guest?.span ?? network.antispoof.span)
  }

  /// Nobody behind a port is the gateway: that is the host, but for bridges onto a LAN.
  var gatewayRules: [Rule] {
    guard !network.isOnLAN else { return [] }
    return network.gateways.flatMap { gateway in
      claims(AddressMatch(gateway)).map { drop($0, "the gateway's own address") }
    }
  }

  /// The ways in which a frame claims an address.
  private func claims(_ address: AddressMatch) -> [[Match]] {
    switch address.family {
    case .ipv4: [[.source(address)], [.etherType(.arp), .arpSenderAddress(address)]]
    // Neighbor advertisement: 136 (RFC 4861).
    case .ipv6:
      [[.source(address)], [.icmp(.ipv6, type: 136, code: nil), .neighborTarget(address)]]
    }
  }

  /// The guest's addresses come from its MAC alone.
  func ownerRules(_ guest: Guest) -> [Rule] {
    guard let mac = guest.mac else { return [] }
    let other = Match.sourceMAC(mac.value, negated: true)
    return guest.addresses.flatMap { address in
      claims(AddressMatch(address.value)).map { drop([other] + $0, "not its owner", at: guest) }
    }
  }

  /// The guest's MAC comes with its addresses alone, and is no router's.
  func claimRules(_ guest: Guest, into table: inout TableBuilder) -> [Rule] {
    guard let mac = guest.mac else { return [] }
    let own = Match.sourceMAC(mac.value, negated: false)
    var rules = [
      drop(
        [own, .etherType(.arp), .arpSenderMAC(mac.value, negated: true)], "not its MAC", at: guest),
      drop([own, routerAdvertisement], "not a router", at: guest),
    ]
    for family in AddressFamily.allCases {
      let addresses = guest.addresses(of: family)
      let allowed = AddressSet(
        addresses.map { AddressRange($0) } + unbound(family).map { AddressRange($0) })
      let other = table.addressMatch(allowed.ranges, negated: true)
      rules += claims(other).map { drop([own] + $0, "not its address", at: guest) }
    }
    return rules
  }

  /// Sources of a machine without an address yet, and link-local ones.
  private func unbound(_ family: AddressFamily) -> [AddressPrefix] {
    let any = IPAddress(family: family, bits: 0)
    let unspecified = AddressPrefix(masking: any, length: family.width)
    switch family {
    case .ipv4: return [unspecified]
    case .ipv6:
      let linkLocal = IPAddress(family: .ipv6, bits: UInt128(0xFE80) << 112)
      return [unspecified, AddressPrefix(masking: linkLocal, length: 10)]
    }
  }

  /// With `meta ibrname`: nothing but what a member may have.
  func memberRules(into table: inout TableBuilder) -> [Rule] {
    let name = "antispoof-\(context.names[index])"
    let returns = ownSourceRules(index, context, into: &table)
    table.addChain(name, returns + [drop([], "antispoof")])
    return AddressFamily.allCases.map {
      context.rule([.family($0), .inputBridge(context.interface(index))], .jump(name))
    }
  }
}
