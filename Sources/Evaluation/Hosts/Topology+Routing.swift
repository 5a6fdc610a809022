package import NetworkTypes

/// The way that packets to an address take.
package struct Way: Hashable, Sendable {
  package let interface: InterfaceName
  /// Who gets the frames: a router, or the destination itself.
  package let nextHop: IPAddress
  /// The source that a route names for the host itself.
  package let source: IPAddress?
}

extension Topology {
  /// The way to an address that is not the host's own: that of the longest prefix, the first of
  /// equal ones.
  package func way(to address: IPAddress) -> Way? {
    var best: (length: Int, way: Way)?
    func offer(_ prefix: AddressPrefix, _ way: @autoclosure () -> Way) {
      guard prefix.length > best?.length ?? -1, prefix.contains(address) else { return }
      best = (prefix.length, way())
    }
    for interface in interfaces {
      for own in interface.addresses where own.address.family == address.family {
        offer(
          own.prefix, Way(interface: interface.name, nextHop: address, source: own.address))
      }
    }
    for route in routes where route.prefix.family == address.family {
      offer(
        route.prefix,
        Way(interface: route.interface, nextHop: route.gateway ?? address, source: route.source))
    }
    return best?.way
  }

  /// The source that the host's own packets to `destination` have, as far as nobody chooses
  /// another; `nil` where no route or no address is known.
  package func sourceAddress(for destination: IPAddress) -> IPAddress? {
    if destination.isLoopback {
      return destination.family == .ipv4
        ? IPAddress(family: .ipv4, bits: 0x7F00_0001) : destination
    }
    if hasAddress(destination) { return sourceForOwn(destination) }
    guard let way = way(to: destination) else { return nil }
    return way.source ?? linkAddress(on: way.interface, towards: way.nextHop)
  }

  /// The address that packets by the interface bear: one of the interface's own, or where it has none
  /// the first of the others.
  func linkAddress(on name: InterfaceName, towards neighbor: IPAddress) -> IPAddress? {
    if let own = interface(name)?.address(towards: neighbor) { return own }
    for other in interfaces where other.kind != .loopback {
      if let address = other.address(towards: neighbor) { return address }
    }
    return nil
  }

  // IPv4 has one preferred address for each prefix; IPv6 talks to itself by the address called.
  private func sourceForOwn(_ address: IPAddress) -> IPAddress? {
    guard address.family == .ipv4 else { return address }
    for interface in interfaces {
      guard let own = interface.addresses.first(where: { $0.address == address }) else { continue }
      return interface.addresses.first { $0.prefix == own.prefix }?.address
    }
    return address
  }
}
