import NetworkTypes
import PolicyModel

/// What the lines of a policy tell apart: sets of addresses, containers, ports and protocols.
struct Mentions: Sendable {
  /// Each set of addresses that some line names, once.
  private(set) var addresses: [AddressSet] = []
  /// The interfaces of `via` clauses, in the order of the source.
  private(set) var interfaces: [InterfaceName] = []
  /// The containers that some line names, by network.
  private(set) var guests: [Set<Int>]
  private var services: [ServiceMatch] = []
  private let policy: Policy

  init(_ policy: Policy) {
    self.policy = policy
    guests = Array(repeating: [], count: policy.networks.count)
    var seen: Set<AddressSet> = []
    for rule in policy.access + policy.defaults + policy.expectations {
      add(
        rule.sources + rule.destinations + rule.sourceExceptions + rule.destinationExceptions,
        &seen)
      add(rule.clauses)
      services += rule.services
    }
    for terms in policy.terms {
      add(terms.sources + terms.exceptions, &seen)
      add(terms.clauses)
    }
    for (index, network) in policy.networks.enumerated() { add(network, index, &seen) }
    var last: (network: Int, guest: Int)?
    for index in policy.publishes.indices {
      let target = (policy.publishes[index].network, policy.publishes[index].guest)
      if let last, last == target { continue }
      guests[target.0].insert(target.1)
      last = target
    }
  }

  private mutating func add(_ network: Network, _ index: Int, _ seen: inout Set<AddressSet>) {
    add(network.directAccessSources, &seen)
    for rewrite in network.sourceNATs { guests[index].insert(rewrite.guest) }
    for masquerade in network.masquerades { add(via: masquerade.via) }
    for service in network.served {
      if case .custom(let matches) = service.kind { services += matches }
    }
    guard network.antispoof.value else { return }
    for (guest, value) in network.guests.enumerated() where value.mac != nil {
      guests[index].insert(guest)
    }
  }

  private mutating func add(_ peers: [Peer], _ seen: inout Set<AddressSet>) {
    for peer in peers {
      switch peer {
      case .addresses(let set): if seen.insert(set).inserted { addresses.append(set) }
      case .guest(let network, let guest): guests[network].insert(guest)
      case .network, .host, .world, .any: break
      }
    }
  }

  private mutating func add(_ clauses: FlowClauses) { add(via: clauses.via) }

  private mutating func add(via interface: InterfaceName?) {
    if let interface, !interfaces.contains(interface) { interfaces.append(interface) }
  }

  /// The ranges of ports of `transport` that lines name, those of publishes on both sides.
  func ports(of transport: TransportProtocol) -> [PortRange] {
    var result: Set<PortRange> = []
    for case .ports(let other, let ranges) in services where other == transport {
      result.formUnion(ranges)
    }
    for index in policy.publishes.indices where policy.publishes[index].transport == transport {
      result.insert(policy.publishes[index].hostPorts)
      result.insert(policy.publishes[index].targetPorts)
    }
    if policy.networks.contains(where: { !$0.served.isEmpty }) {
      // DHCP, DNS, TFTP and NTP (RFC 2131, 8415, 1035, 1350, 5905).
      result.formUnion([53, 67, 69, 123, 547].map { PortRange($0) })
    }
    return result.sorted()
  }

  /// The protocols that lines name, in the order of their numbers.
  var transports: [TransportProtocol] {
    Set(
      services.compactMap { service -> TransportProtocol? in
        switch service {
        case .transport(let transport), .ports(let transport, _): transport
        case .icmp: nil
        }
      } + policy.publishes.prefix(1).map(\.transport)
    ).sorted()
  }

  /// The ICMP types of `family` that lines name.
  func types(of family: AddressFamily) -> [ICMPType] {
    var result: [ICMPType] = []
    for case .icmp(let other, let type) in services where other == family {
      if !result.contains(type) { result.append(type) }
    }
    return result
  }
}
