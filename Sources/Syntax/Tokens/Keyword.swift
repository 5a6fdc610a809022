/// A reserved word. As a name it must be quoted.
package enum Keyword: String, CaseIterable, Hashable, Sendable {
  case access, allow, antispoof, any, `as`, auto, bridge, burst, check, clamp, connections
  case container, `default`, denied, deny, direct, except, expect, from, fullyRandom =
    "fully-random"
  case gateway, host, icc, include, interface, `internal`, ipv4, ipv6, ipvlan, isolation
  case language, limit, list, log, mac, macvlan, manage, masquerade, mode, mss, network, off, on
  case openvswitch, per, pmtu, pool, ports, `protocol`, publish, random, reject, serve, service
  case snat, source, strict, subnet, sysctl, uplink, via, vm, world
  case ah, dccp, esp, gre, icmp, icmpv6, igmp, ipip, ospf, sctp, tcp, udp, udplite, vrrp

  /// Whether the word names an IP protocol.
  package var isProtocol: Bool {
    switch self {
    case .ah, .dccp, .esp, .gre, .icmp, .icmpv6, .igmp, .ipip, .ospf, .sctp, .tcp, .udp,
      .udplite, .vrrp:
      true
    case .access, .allow, .antispoof, .any, .as, .auto, .bridge, .burst, .check, .clamp,
      .connections, .container, .default, .denied, .deny, .direct, .except, .expect, .from,
      .fullyRandom, .gateway, .host, .icc, .include, .interface, .internal, .ipv4, .ipv6,
      .ipvlan, .isolation, .language, .limit, .list, .log, .mac, .macvlan, .manage, .masquerade,
      .mode, .mss, .network, .off, .on, .openvswitch, .per, .pmtu, .pool, .ports, .protocol,
      .publish, .random, .reject, .serve, .service, .snat, .source, .strict, .subnet, .sysctl,
      .uplink, .via, .vm, .world:
      false
    }
  }
}
