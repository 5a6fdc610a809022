/// What a keyword can begin; every keyword has one role, so that one token decides what to parse.
enum KeywordRole {
  /// Begins a statement at the top level of a file.
  case declaration(DeclarationKeyword)
  /// Begins a statement inside a network.
  case statement(StatementKeyword)
  /// Begins a statement in both places.
  case shared(SharedKeyword)
  case clause(ClauseKeyword)
  /// Names an IP protocol.
  case transport
  /// Stands inside statements only.
  case word
}

/// The keywords that begin a statement at the top level only.
enum DeclarationKeyword {
  case language, include, uplink, list, service, network, `default`, expect, on, log, sysctl, mss
}

/// The keywords that begin a statement inside a network only.
enum StatementKeyword {
  case bridge, macvlan, ipvlan, openvswitch, interface, subnet, gateway, pool, masquerade, snat
  case icc, isolation, `internal`, direct, serve, antispoof, container, vm
}

/// The keywords that begin a statement at the top level and inside a network.
enum SharedKeyword {
  case publish, allow, deny, reject
}

/// The keywords that begin a clause; `log` does too where `denied` does not follow it.
enum ClauseKeyword {
  case from, except, via, limit, connections
}

extension Keyword {
  /// The role of the keyword.
  var role: KeywordRole {
    switch self {
    case .language: .declaration(.language)
    case .include: .declaration(.include)
    case .uplink: .declaration(.uplink)
    case .list: .declaration(.list)
    case .service: .declaration(.service)
    case .network: .declaration(.network)
    case .default: .declaration(.default)
    case .expect: .declaration(.expect)
    case .on: .declaration(.on)
    case .log: .declaration(.log)
    case .sysctl: .declaration(.sysctl)
    case .mss: .declaration(.mss)
    case .bridge: .statement(.bridge)
    case .macvlan: .statement(.macvlan)
    case .ipvlan: .statement(.ipvlan)
    case .openvswitch: .statement(.openvswitch)
    case .interface: .statement(.interface)
    case .subnet: .statement(.subnet)
    case .gateway: .statement(.gateway)
    case .pool: .statement(.pool)
    case .masquerade: .statement(.masquerade)
    case .snat: .statement(.snat)
    case .icc: .statement(.icc)
    case .isolation: .statement(.isolation)
    case .internal: .statement(.internal)
    case .direct: .statement(.direct)
    case .serve: .statement(.serve)
    case .antispoof: .statement(.antispoof)
    case .container: .statement(.container)
    case .vm: .statement(.vm)
    case .publish: .shared(.publish)
    case .allow: .shared(.allow)
    case .deny: .shared(.deny)
    case .reject: .shared(.reject)
    case .from: .clause(.from)
    case .except: .clause(.except)
    case .via: .clause(.via)
    case .limit: .clause(.limit)
    case .connections: .clause(.connections)
    case .ah, .dccp, .esp, .gre, .icmp, .icmpv6, .igmp, .ipip, .ospf, .sctp, .tcp, .udp,
      .udplite, .vrrp:
      .transport
    case .access, .any, .as, .auto, .burst, .check, .clamp, .denied, .fullyRandom, .host, .ipv4,
      .ipv6, .mac, .manage, .mode, .off, .per, .pmtu, .ports, .protocol, .random, .source,
      .strict, .world:
      .word
    }
  }

  /// Whether a statement can begin with the keyword.
  var startsStatement: Bool {
    switch role {
    case .declaration, .statement, .shared: true
    case .clause, .transport, .word: false
    }
  }
}
