import Diagnostics
import Evaluation
import Netfilter
import NetworkTypes
import PolicyModel

/// A host that keeps a policy, with its containers, and where packets can come from.
struct GoldenHost {
  private(set) var topology: Topology
  /// Every place that packets enter by, the host itself among them.
  private(set) var ingresses: [Ingress] = [.host]

  /// - Parameter returnsFrames: whether ports send frames back where they came from.
  init(
    _ policy: Policy, _ capabilities: Set<Capability>, filtersBridged: Bool
  ) throws {
    topology = Topology(
      interfaces: [Self.loopback], filtersBridged: filtersBridged ? [.ipv4, .ipv6] : [],
      capabilities: capabilities)
    for network in policy.networks where network.attachment.isSeenByHost {
      try add(network, returnsFrames: filtersBridged)
    }
    let declared = policy.uplinks.map(\.value)
    for name in declared.isEmpty ? [try InterfaceName(validating: "up0")] : declared {
      guard topology.interface(name) == nil else { continue }
      topology.interfaces.append(
        Topology.Interface(name, .plain, Self.addresses("192.0.2.1", 24, "2001:db8:f::1", 64)))
      ingresses.append(.interface(name))
      for family in AddressFamily.allCases {
        topology.routes.append(
          Topology.Route(
            AddressPrefix(masking: IPAddress(family: family, bits: 0), length: 0), by: name))
      }
    }
  }

  private static func addresses(
    _ ipv4: String, _ length4: Int, _ ipv6: String, _ length6: Int
  ) -> [Topology.OwnAddress] {
    [(ipv4, length4), (ipv6, length6)].compactMap { text, length in
      IPAddress(text).map { Topology.OwnAddress($0, length: length) }
    }
  }

  private static var loopback: Topology.Interface {
    Topology.Interface(
      .loopback, .loopback, addresses("127.0.0.1", 8, "::1", 128), routesLoopback: true)
  }

  private mutating func add(_ network: Network, returnsFrames: Bool) throws {
    let interface = network.attachment.interface.value
    let own = network.gateways.map { gateway in
      let subnet = network.subnets.first { $0.value.contains(gateway) }
      return Topology.OwnAddress(gateway, length: subnet?.value.length ?? gateway.family.width)
    }
    for subnet in network.subnets where !own.contains(where: { $0.prefix == subnet.value }) {
      topology.routes.append(Topology.Route(subnet.value, by: interface))
    }
    let isBridge = if case .bridge = network.attachment.kind { true } else { false }
    topology.interfaces.append(
      Topology.Interface(interface, isBridge ? .bridge : .plain, own, routesLoopback: true))
    if !isBridge { ingresses.append(.interface(interface)) }
    let strangers = network.subnets.map { subnet in
      let last = IPAddress(family: subnet.value.family, last: subnet.value)
      guard network.gateways.contains(last) else { return last }
      return IPAddress(family: last.family, bits: last.bits - 1)
    }
    let members = network.guests.map { ($0.addresses.map(\.value), $0.mac?.value) }
    let drawn = network.pools.map { ([$0.value.first], MACAddress?.none) }
    for (addresses, mac) in members + drawn + [(strangers, nil)] {
      let number = topology.neighbors.count
      var place = interface
      if isBridge {
        place = try InterfaceName(validating: "port\(number)")
        topology.interfaces.append(
          Topology.Interface(place, .port(of: interface, returnsFrames: returnsFrames)))
        ingresses.append(.interface(place))
      }
      topology.neighbors.append(
        Topology.Neighbor(
          addresses, behind: place, hardwareAddress: mac ?? MACAddress(bits: UInt64(number) + 1)))
    }
  }
}

extension IPAddress {
  /// An address near the end of the prefix that is hardly given away.
  fileprivate init(family: AddressFamily, last prefix: AddressPrefix) {
    let bits = prefix.last.bits
    self.init(family: family, bits: prefix.length < family.width - 2 ? bits - 1 : bits)
  }
}
