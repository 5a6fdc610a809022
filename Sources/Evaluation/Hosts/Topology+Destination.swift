import NetworkTypes

extension Topology {
  /// Where a packet goes that came in.
  enum Destination {
    case host
    case onward(Way)
    /// To the interfaces, and to the host itself.
    case group([InterfaceName])
    case nowhere(Passage.Discard)
    case unknown(Missing)
  }

  /// Why the host does not even look at a packet (`ip6_rcv_core`); IPv4 has no such reasons.
  func refusal(ofArriving packet: Packet, by input: InterfaceName) -> Passage.Discard? {
    guard packet.family == .ipv6 else { return nil }
    if packet.source.isMulticast { return .impossibleSource }
    guard !isLoopback(input) else { return nil }
    if packet.source.isLoopback { return .impossibleSource }
    return packet.destination.isLoopback ? .impossibleDestination : nil
  }

  /// Where a packet goes on after prerouting.
  func destination(of packet: Packet, by input: InterfaceName) -> Destination {
    // What the host sent to itself was routed when it left.
    if isLoopback(input) { return .host }
    let refusal =
      packet.family == .ipv4 ? refusal4(of: packet, by: input) : nil
    if let refusal { return .nowhere(refusal) }
    if packet.destination.isMulticast {
      let route = multicastRoutes.first { $0.group == packet.destination && $0.input == input }
      return .group(route?.outputs ?? [])
    }
    if isBroadcast(packet.destination) { return .host }
    switch isOwn(packet.destination) {
    case true?: return .host
    case nil: return .unknown(.linkLocal(packet.destination))
    case false?: break
    }
    guard forwards.contains(packet.family) else { return .nowhere(.forwardingOff) }
    if packet.family == .ipv6, packet.source.isLinkLocal || packet.source.isUnspecified {
      return .nowhere(.linkLocal)
    }
    return way(to: packet.destination).map { .onward($0) } ?? .nowhere(.noRoute)
  }

  /// Why IPv4 has no way for a packet that came in (`ip_route_input_slow`,
  /// `fib_validate_source`).
  private func refusal4(of packet: Packet, by input: InterfaceName) -> Passage.Discard? {
    let source = packet.source
    let destination = packet.destination
    let isForEverybody = destination.bits == 0xFFFF_FFFF
    if source.isMulticast || source.bits == 0xFFFF_FFFF { return .impossibleSource }
    if source.bits >> 24 == 0, !isForEverybody, !(destination.isMulticast && source.bits == 0) {
      return .impossibleSource
    }
    let routesLoopback = interface(input)?.routesLoopback ?? false
    if destination.isLoopback, !routesLoopback { return .impossibleDestination }
    if source.isLoopback, !routesLoopback { return .impossibleSource }
    if !source.isLoopback, hasAddress(source) { return .impossibleSource }
    guard checksReversePaths, !source.isLoopback, source.bits != 0 else { return nil }
    return way(to: source)?.interface == input ? nil : .reversePath
  }

  /// Why a packet of the host's own does not leave.
  enum NoWay: Error {
    case discarded(Passage.Discard)
    case unknown(Missing)

    var fate: Passage.Fate {
      switch self {
      case .discarded(let discard): .discarded(discard)
      case .unknown(let missing): .undecided(missing)
      }
    }
  }

  /// The way of a packet of the host's own, to itself by the loopback interface.
  func wayOut(of packet: Packet) -> Result<Way, NoWay> {
    let destination = packet.destination
    switch isOwn(destination) {
    case true?:
      guard let loopback = interfaces.first(where: { $0.kind == .loopback }) else {
        return .failure(.unknown(.interface(.loopback)))
      }
      return .success(Way(interface: loopback.name, nextHop: destination, source: nil))
    case nil: return .failure(.unknown(.linkLocal(destination)))
    case false?: break
    }
    guard let way = way(to: destination) else { return .failure(.discarded(.noRoute)) }
    let routesLoopback = interface(way.interface)?.routesLoopback ?? false
    if packet.source.isLoopback, packet.family == .ipv6 || !routesLoopback {
      return .failure(.discarded(.impossibleSource))
    }
    return .success(way)
  }

  private func isLoopback(_ name: InterfaceName) -> Bool {
    interface(name)?.kind == .loopback
  }
}
