package import NetworkTypes

extension Topology {
  /// The interface of that name, if there is one.
  package func interface(_ name: InterfaceName) -> Interface? {
    interfaces.first { $0.name == name }
  }

  /// The ports of a bridge, in their order.
  package func ports(of bridge: InterfaceName) -> [Interface] {
    interfaces.filter { $0.bridge == bridge }
  }

  /// Whether the address is one of the host's own; `nil` of link-local addresses that are not
  /// listed, for every interface has one.
  package func isOwn(_ address: IPAddress) -> Bool? {
    if address.isLoopback || hasAddress(address) { return true }
    return address.family == .ipv6 && address.isLinkLocal ? nil : false
  }

  /// Whether an interface has just this address.
  func hasAddress(_ address: IPAddress) -> Bool {
    interfaces.contains { $0.addresses.contains { $0.address == address } }
  }

  /// Whether packets to the address are for everybody on a link.
  func isBroadcast(_ address: IPAddress) -> Bool {
    guard address.family == .ipv4 else { return false }
    return address.bits == 0xFFFF_FFFF
      || interfaces.contains { $0.addresses.contains { $0.broadcast == address } }
  }

  /// The neighbor who has the address behind a port of the bridge.
  func neighbor(_ address: IPAddress, on bridge: InterfaceName) -> Neighbor? {
    neighbors.first { neighbor in
      neighbor.addresses.contains(address) && interface(neighbor.interface)?.bridge == bridge
    }
  }

  /// The neighbor who has the address behind the interface, if one is known.
  func neighbor(_ address: IPAddress, behind interface: InterfaceName) -> Neighbor? {
    neighbors.first { $0.interface == interface && $0.addresses.contains(address) }
  }
}

extension Topology.Interface {
  /// The bridge whose port this is.
  package var bridge: InterfaceName? {
    switch kind {
    case .port(let bridge, _): bridge
    case .loopback, .plain, .bridge: nil
    }
  }

  /// Whether a frame may leave by the port that it came in by.
  var returnsFrames: Bool {
    switch kind {
    case .port(_, let returnsFrames): returnsFrames
    case .loopback, .plain, .bridge: false
    }
  }

  /// The address that packets to `neighbor` come from: one of its prefix, or the first one.
  func address(towards neighbor: IPAddress) -> IPAddress? {
    let own = addresses.filter { $0.address.family == neighbor.family && !$0.address.isLinkLocal }
    return (own.first { $0.prefix.contains(neighbor) } ?? own.first)?.address
  }
}

extension Topology.OwnAddress {
  /// The address of everybody on the link; `nil` of IPv6, and of links of two.
  fileprivate var broadcast: IPAddress? {
    address.family == .ipv4 && length < 31 ? prefix.last : nil
  }
}
