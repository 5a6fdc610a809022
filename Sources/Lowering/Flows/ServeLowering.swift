import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// `serve`: the services that the host offers on a network's gateway addresses.
func servedRules(_ context: LoweringContext) -> [Rule] {
  context.seenNetworks.flatMap { index in
    context.network(index).served.flatMap { servedRules($0, index, context) }
  }
}

private func servedRules(
  _ service: ServedService, _ index: Int, _ context: LoweringContext
) -> [Rule] {
  let network = context.network(index)
  let input = Match.inputInterface(.equals(context.interface(index)))
  func rules(_ destinations: [IPAddress], _ matches: [Match]) -> [Rule] {
    destinations.map {
      context.rule(
        [input, .destination(AddressMatch($0))] + matches, .accept, "served", at: service.span)
    }
  }
  switch service.kind {
  case .dhcp: return dhcpRules(network, input, service, context)
  case .routerAdvertisement:
    // Router solicitation (RFC 4861).
    return [
      context.rule(
        [input, .icmp(.ipv6, type: 133, code: nil)], .accept, "served", at: service.span)
    ]
  case .dns, .tftp, .ntp, .custom:
    let services = service.kind.services
    return AddressFamily.allCases.flatMap { family in
      context.serviceMatches(services, family).flatMap {
        rules(network.gateways(of: family), $0)
      }
    }
  }
}

/// Requests go to the server's address, to broadcast (RFC 2131), or to the servers' multicast
/// group (RFC 8415) and link-local addresses.
private func dhcpRules(
  _ network: Network, _ input: Match, _ service: ServedService, _ context: LoweringContext
) -> [Rule] {
  var destinations: [AddressRange] = []
  if network.families.contains(.ipv4) {
    destinations.append(AddressRange(IPAddress(family: .ipv4, bits: 0xFFFF_FFFF)))
    destinations += network.gateways(of: .ipv4).map { AddressRange($0) }
  }
  if network.families.contains(.ipv6) {
    let servers = UInt128(0xFF02) << 112 | 0x0001_0002
    destinations.append(AddressRange(IPAddress(family: .ipv6, bits: servers)))
    let linkLocal = IPAddress(family: .ipv6, bits: UInt128(0xFE80) << 112)
    destinations.append(AddressRange(AddressPrefix(masking: linkLocal, length: 10)))
    destinations += network.gateways(of: .ipv6).map { AddressRange($0) }
  }
  return destinations.map { destination in
    let port: UInt16 = destination.family == .ipv4 ? 67 : 547
    return context.rule(
      [
        input, .destination(AddressMatch(.range(destination))), .transport(.udp),
        .destinationPort([PortRange(port)]),
      ], .accept, "served", at: service.span)
  }
}

/// Answers of the host's servers that conntrack does not know as replies: to broadcast, and
/// advertisements.
func servedAnswers(_ context: LoweringContext) -> [Rule] {
  context.seenNetworks.flatMap { index in
    context.network(index).served.flatMap { service -> [Rule] in
      let output = Match.outputInterface(.equals(context.interface(index)))
      switch service.kind {
      case .dhcp:
        return [(UInt16(67), UInt16(68), AddressFamily.ipv4), (547, 546, .ipv6)].map {
          context.rule(
            [
              output, .family($0.2), .transport(.udp), .sourcePort([PortRange($0.0)]),
              .destinationPort([PortRange($0.1)]),
            ], .accept, "served", at: service.span)
        }
      case .routerAdvertisement:
        return [
          context.rule(
            [output, .icmp(.ipv6, type: 134, code: nil)], .accept, "served", at: service.span)
        ]
      case .dns, .tftp, .ntp, .custom: return []
      }
    }
  }
}

/// Some DHCP clients read packets before a network card would have filled the checksum in.
func lowerServedChecksums(_ context: LoweringContext, into table: inout TableBuilder) {
  let rules = context.seenNetworks.flatMap { index in
    context.network(index).served.compactMap { service -> Rule? in
      guard case .dhcp = service.kind else { return nil }
      let matches: [Match] = [
        .outputInterface(.equals(context.interface(index))), .family(.ipv4), .transport(.udp),
        .destinationPort([PortRange(68)]),
      ]
      return Rule(
        matches, [.fixChecksum], origin: context.origin(service.span), comment: "DHCP checksum")
    }
  }
  table.addBase(
    "mangle-postrouting", BaseChain(.filter, .postrouting, priority: HookPriority.mangle), rules)
}
