import Diagnostics
import Netfilter
import NetworkTypes
import PolicyModel

/// Takes from a policy one packet for each thing that it allows.
struct SampleTaker {
  let policy: Policy
  /// The first way out that is known.
  let uplink: InterfaceName?
  /// The host's address on the uplink side of each family, where it is known.
  let hostAddresses: [AddressFamily: IPAddress]
  /// Whether frames between ports of a bridge pass the IP rules.
  let filtersBridges: Bool

  /// More are not worth their time: lines of one kind meet one rule.
  static let limit = 5000

  /// The samples, each once.
  func samples() -> [FlowSample] {
    var result = publishes() + waysOut() + served() + access()
    if filtersBridges { result += bridged() }
    var seen: Set<FlowSample> = []
    return result.filter { seen.insert($0).inserted }
  }

  /// TEST-NET-2 and the documentation prefix (RFC 5737, RFC 3849): somebody out there.
  static func stranger(_ family: AddressFamily) -> IPAddress {
    switch family {
    case .ipv4: IPAddress(family: .ipv4, bits: 0xC633_6407)
    case .ipv6: IPAddress(family: .ipv6, bits: 0x2001_0DB8 << 96 | 7)
    }
  }

  private func interface(_ network: Int) -> InterfaceName {
    policy.networks[network].attachment.interface.value
  }

  private func publishes() -> [FlowSample] {
    policy.publishes.prefix(Self.limit).flatMap { publish -> [FlowSample] in
      if publish.hostAddress?.isLoopback == true { return [] }
      let network = policy.networks[publish.network]
      guard network.attachment.isSeenByHost else { return [] }
      let guest = network.guests[publish.guest]
      let words =
        "publish \(publish.transport) \(publish.hostPorts) -> \(guest.name.value)"
      return publish.families.compactMap { family in
        guard let target = guest.addresses(of: family).first,
          let client = client(of: publish, family)
        else { return nil }
        let host = publish.hostAddress ?? hostAddresses[family]
        return FlowSample(
          hook: .forward, input: client.interface ?? uplink, output: interface(publish.network),
          source: client.address, destination: target, transport: publish.transport,
          port: publish.targetPort, isTranslated: network.isTranslated(family), reason: words,
          span: publish.span,
          dialed: network.isTranslated(family)
            ? host.map { FlowSample.Dialed(address: $0, port: publish.hostPorts.lower) } : nil,
          sourceFate: client.interface == nil ? .kept : nil)
      }
    }
  }

  private struct End {
    let address: IPAddress
    /// `nil` for what lies behind the uplink.
    let interface: InterfaceName?
  }

  /// Somebody who may use a publish; `nil` where it is the host alone.
  private func client(of publish: Publish, _ family: AddressFamily) -> End? {
    let terms = policy.terms(of: publish)
    if terms.sources.isEmpty { return End(address: Self.stranger(family), interface: nil) }
    let ends = terms.sources.lazy.compactMap { end($0, family) }
    return ends.first { end in
      !terms.exceptions.contains { covers($0, end) }
        && end.interface != interface(publish.network)
    }
  }

  /// An address of a peer, and its interface; `nil` for the host, and where it has none.
  private func end(_ peer: Peer, _ family: AddressFamily) -> End? {
    switch peer {
    case .host: return nil
    case .world, .any: return End(address: Self.stranger(family), interface: nil)
    case .network(let index):
      guard policy.networks[index].attachment.isSeenByHost else { return nil }
      return member(index, family).map { End(address: $0, interface: interface(index)) }
    case .guest(let index, let guest):
      guard policy.networks[index].attachment.isSeenByHost else { return nil }
      return policy.networks[index].guests[guest].addresses(of: family).first.map {
        End(address: $0, interface: interface(index))
      }
    case .addresses(let set):
      guard let address = set.ranges(of: family).first?.first else { return nil }
      let owner = policy.networks.indices.first { index in
        policy.networks[index].subnets(of: family).contains { $0.contains(address) }
      }
      return End(address: address, interface: owner.map(interface))
    }
  }

  /// A guest's address, or the one after the gateway's.
  private func member(_ index: Int, _ family: AddressFamily) -> IPAddress? {
    let network = policy.networks[index]
    if let known = network.guests.lazy.flatMap({ $0.addresses(of: family) }).first { return known }
    guard let subnet = network.subnets(of: family).first,
      let gateway = network.gateways(of: family).first
    else { return nil }
    let next = IPAddress(family: family, bits: gateway.bits &+ 1)
    return subnet.contains(next) ? next : nil
  }

  private func covers(_ peer: Peer, _ end: End) -> Bool {
    switch peer {
    case .any: true
    case .host: hostAddresses.values.contains(end.address)
    case .world:
      end.interface == nil && !hostAddresses.values.contains(end.address)
    case .network(let index):
      policy.networks[index].subnets.contains { $0.value.contains(end.address) }
    case .guest(let index, let guest):
      policy.networks[index].guests[guest].addresses.contains { $0.value == end.address }
    case .addresses(let set):
      set.ranges(of: end.address.family).contains { $0.contains(end.address) }
    }
  }

  /// Whether a line of `rules` may refuse the flow: then it proves nothing.
  private func mayBeRefused(
    _ source: End, _ destination: End, _ sample: FlowSample, by rules: [AccessRule]
  ) -> Bool {
    rules.contains { rule in
      rule.verb != .allow && rule.sources.contains { covers($0, source) }
        && rule.destinations.contains { covers($0, destination) }
        && (rule.services.isEmpty || rule.services.contains { $0.covers(sample) })
    }
  }

  /// The lines that beat what settings of networks allow.
  private var refusals: [AccessRule] { policy.access + policy.defaults }

  private func waysOut() -> [FlowSample] {
    policy.networks.indices.flatMap { index -> [FlowSample] in
      let network = policy.networks[index]
      guard !network.isInternal, network.attachment.isSeenByHost else { return [] }
      return Set(network.subnets.map(\.value.family)).sorted().compactMap { family in
        guard let member = member(index, family) else { return nil }
        let source = End(address: member, interface: interface(index))
        let target = End(address: Self.stranger(family), interface: nil)
        let sample = FlowSample(
          hook: .forward, input: source.interface, output: uplink, source: member,
          destination: target.address, transport: .tcp, port: 443, isTranslated: false,
          reason: "\(network.name.value) reaches the world", span: network.name.span,
          sourceFate: sourceFate(network, member))
        return mayBeRefused(source, target, sample, by: refusals) ? nil : sample
      }
    }
  }

  /// What becomes of a member's address on its way to the world.
  private func sourceFate(_ network: Network, _ member: IPAddress) -> FlowSample.SourceFate? {
    let own = network.sourceNATs.first { rewrite in
      rewrite.address.family == member.family
        && network.guests[rewrite.guest].addresses.contains { $0.value == member }
    }
    if let own { return .rewritten(AddressRange(own.address)) }
    let ways = network.masquerades.filter { $0.family == member.family }
    if ways.contains(where: { $0.via != nil }) { return nil }
    guard let way = ways.first else { return .kept }
    return way.address.map { .rewritten($0) } ?? .masqueraded
  }

  private func bridged() -> [FlowSample] {
    policy.networks.indices.flatMap { index -> [FlowSample] in
      let network = policy.networks[index]
      guard case .bridge = network.attachment.kind, network.icc.value else { return [] }
      return AddressFamily.allCases.compactMap { family in
        let known = network.guests.flatMap { $0.addresses(of: family) }
        guard known.count > 1 else { return nil }
        let ends = known.prefix(2).map { End(address: $0, interface: interface(index)) }
        let sample = FlowSample(
          hook: .forward, input: interface(index), output: interface(index),
          source: ends[0].address, destination: ends[1].address, transport: .tcp, port: 80,
          isTranslated: false, reason: "members of \(network.name.value) talk to each other",
          span: network.name.span)
        return mayBeRefused(ends[0], ends[1], sample, by: refusals) ? nil : sample
      }
    }
  }

  private func served() -> [FlowSample] {
    policy.networks.indices.flatMap { index -> [FlowSample] in
      let network = policy.networks[index]
      guard network.attachment.isSeenByHost else { return [] }
      return network.served.flatMap { service in
        network.gateways.compactMap { gateway in
          guard let member = member(index, gateway.family) else { return nil }
          return sample(of: service, index, gateway, member)
        }
      }
    }
  }

  private func sample(
    of service: ServedService, _ index: Int, _ gateway: IPAddress, _ member: IPAddress
  ) -> FlowSample? {
    let name: String
    let port: UInt16
    switch service.kind {
    case .dhcp where gateway.family == .ipv4: (name, port) = ("dhcp", 67)
    case .dns: (name, port) = ("dns", 53)
    case .tftp: (name, port) = ("tftp", 69)
    case .ntp: (name, port) = ("ntp", 123)
    case .dhcp, .routerAdvertisement, .custom: return nil
    }
    let isBroadcast = name == "dhcp"
    return FlowSample(
      hook: .input, input: interface(index), output: nil,
      source: isBroadcast ? .ipv4(IPv4Address(bits: 0)) : member,
      destination: isBroadcast ? .ipv4(IPv4Address(bits: .max)) : gateway, transport: .udp,
      port: port, isTranslated: false,
      reason: "serve \(name) on \(policy.networks[index].name.value)", span: service.span)
  }

  private func access() -> [FlowSample] {
    policy.access.prefix(Self.limit).flatMap { rule -> [FlowSample] in
      guard rule.verb == .allow else { return [] }
      return AddressFamily.allCases.flatMap { family in
        [sample(of: rule, family), sampleFromHost(of: rule, family)].compactMap { $0 }
      }
    }
  }

  /// What the host itself sends, where the line lets it.
  private func sampleFromHost(of rule: AccessRule, _ family: AddressFamily) -> FlowSample? {
    guard rule.sources.contains(.host), let service = service(of: rule, family),
      let target = rule.destinations.lazy.compactMap({ end($0, family) }).first(where: { end in
        !rule.destinationExceptions.contains { covers($0, end) }
      }),
      let source = hostEnd(target, family)
    else { return nil }
    return FlowSample(
      hook: .output, input: nil, output: target.interface ?? uplink, source: source.address,
      destination: target.address, transport: service.transport, port: service.port,
      isTranslated: false, reason: "an allow line for the host itself", span: rule.span)
  }

  private func sample(of rule: AccessRule, _ family: AddressFamily) -> FlowSample? {
    guard let service = service(of: rule, family),
      let source = rule.sources.lazy.compactMap({ end($0, family) }).first(where: { end in
        !rule.sourceExceptions.contains { covers($0, end) }
      })
    else { return nil }
    let isToHost = rule.destinations == [.host]
    let target: End?
    if isToHost {
      target = hostEnd(source, family)
    } else {
      target = rule.destinations.lazy.compactMap { end($0, family) }.first { end in
        !rule.destinationExceptions.contains { covers($0, end) }
      }
    }
    guard let target, isToHost || source.interface != target.interface else { return nil }
    let sample = FlowSample(
      hook: isToHost ? .input : .forward, input: source.interface ?? uplink,
      output: isToHost ? nil : target.interface ?? uplink, source: source.address,
      destination: target.address, transport: service.transport, port: service.port,
      isTranslated: false, reason: "an `allow` line", span: rule.span)
    // An `allow` line beats `default` lines.
    return mayBeRefused(source, target, sample, by: policy.access) ? nil : sample
  }

  /// The host as `source` knows it.
  private func hostEnd(_ source: End, _ family: AddressFamily) -> End? {
    let own = policy.networks.indices.first { interface($0) == source.interface }
    let address = own.map { policy.networks[$0].gateways(of: family).first }
    return (address ?? hostAddresses[family]).map { End(address: $0, interface: nil) }
  }

  private func service(
    of rule: AccessRule, _ family: AddressFamily
  ) -> (transport: TransportProtocol, port: UInt16?)? {
    guard !rule.services.isEmpty else { return (.tcp, 443) }
    for service in rule.services {
      switch service {
      case .ports(let transport, let ports): return ports.first.map { (transport, $0.lower) }
      case .transport(let transport) where transport.hasPorts: return (transport, 443)
      case .transport(let transport) where transport != .icmp && transport != .icmpv6:
        return (transport, nil)
      case .transport, .icmp: continue
      }
    }
    return nil
  }
}

extension ServiceMatch {
  fileprivate func covers(_ sample: FlowSample) -> Bool {
    switch self {
    case .transport(let transport): transport == sample.transport
    case .ports(let transport, let ports):
      transport == sample.transport
        && ports.contains { range in
          sample.port.map { range.contains($0) } ?? false
        }
    case .icmp: false
    }
  }
}
