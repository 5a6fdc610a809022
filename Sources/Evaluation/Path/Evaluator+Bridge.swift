import Netfilter
import NetworkTypes

/// When bridged frames are handed to the host's chains (linux/netfilter_bridge.h, `NF_BR_PRI_BRNF`).
private enum HandOver {
  static let prerouting: Int32 = 0
  static let forward: Int32 = -1
}

extension Evaluator {
  /// Takes a frame that comes in by a port of a bridge.
  mutating func enter(
    _ bridge: InterfaceName, by port: Topology.Interface, _ journey: Journey,
    for owner: LinkDestination
  ) -> [Trip] {
    var journey = journey
    settle(bridge)
    let scene = Scene(hook: .prerouting, layer: .bridge, input: .interface(port.name))
    if let fate = passFrame(.min..<HandOver.prerouting, scene, &journey) {
      return [journey.ends(fate)]
    }
    var owner = owner
    if isHandedOver(journey.packet) {
      let dialled = journey.packet.destination
      let scene = Scene(hook: .prerouting, layer: .host, input: .interface(bridge))
      if let fate = pass(scene, &journey) { return [journey.ends(fate)] }
      journey.isHandedOver = true
      if journey.packet.destination != dialled {
        switch redirect(journey.packet, on: bridge) {
        case .success(let found): owner = found
        case .failure(let reason): return [journey.ends(reason.fate)]
        }
      }
    }
    if let fate = passFrame(HandOver.prerouting..<Int32.max, scene, &journey) {
      return [journey.ends(fate)]
    }
    return switchFrame(journey, from: port, on: bridge, for: owner)
  }

  /// Whether frames with such packets pass the host's chains while they are on a bridge: those with
  /// a VLAN tag do not.
  private func isHandedOver(_ packet: Packet) -> Bool {
    if case .arp = packet.content { return false }
    return topology.filtersBridged.contains(packet.family) && !packet.isTagged
  }

  /// Whom a frame is for whose destination was rewritten: it stays on the bridge where that is the
  /// way to the new one (`br_nf_pre_routing_finish`).
  private func redirect(
    _ packet: Packet, on bridge: InterfaceName
  ) -> Result<LinkDestination, Topology.NoWay> {
    switch topology.destination(of: packet, by: bridge) {
    case .host, .group: .success(.host)
    case .onward(let way): .success(way.interface == bridge ? .owner : .host)
    // Frames that stay on the bridge need no forwarding.
    case .nowhere(.forwardingOff):
      topology.way(to: packet.destination)?.interface == bridge
        ? .success(.owner) : .failure(.discarded(.forwardingOff))
    case .nowhere(let discard): .failure(.discarded(discard))
    case .unknown(let missing): .failure(.unknown(missing))
    }
  }

  /// Sends a frame to whom it is for (`br_handle_frame_finish`).
  private mutating func switchFrame(
    _ journey: Journey, from port: Topology.Interface, on bridge: InterfaceName,
    for owner: LinkDestination
  ) -> [Trip] {
    let destination = journey.packet.destination
    if owner == .host { return pass(journey, up: bridge, from: port) }
    if journey.packet.isForEverybody || topology.isBroadcast(destination) {
      let others = topology.ports(of: bridge).filter { $0 != port || $0.returnsFrames }
      return others.flatMap { [cross(journey, bridge, from: port, to: $0)] }
        + pass(journey, up: bridge, from: port)
    }
    if let neighbor = topology.neighbor(destination, on: bridge),
      let target = topology.interface(neighbor.interface)
    {
      return [cross(journey, bridge, from: port, to: target)]
    }
    let isOnLink = topology.interface(bridge)?.addresses.contains {
      $0.prefix.contains(destination)
    }
    if isOnLink == true, topology.isOwn(destination) == false {
      return [journey.ends(.undecided(.port(of: bridge, destination)))]
    }
    return pass(journey, up: bridge, from: port)
  }

  /// Hands a frame to the host whose bridge it is on.
  private mutating func pass(
    _ journey: Journey, up bridge: InterfaceName, from port: Topology.Interface
  ) -> [Trip] {
    var journey = journey
    let scene = Scene(hook: .input, layer: .bridge, input: .interface(port.name))
    if let fate = passFrame(.min..<Int32.max, scene, &journey) { return [journey.ends(fate)] }
    return receive(journey, by: bridge)
  }

  /// Takes a frame from port to port.
  private mutating func cross(
    _ journey: Journey, _ bridge: InterfaceName, from port: Topology.Interface,
    to target: Topology.Interface
  ) -> Trip {
    var journey = journey
    if target == port, !port.returnsFrames { return journey.ends(.discarded(.samePort)) }
    let scene = Scene(
      hook: .forward, layer: .bridge, input: .interface(port.name),
      output: .interface(target.name))
    if let fate = passFrame(.min..<HandOver.forward, scene, &journey) {
      return journey.ends(fate)
    }
    if journey.isHandedOver {
      let scene = Scene(
        hook: .forward, layer: .host, input: .interface(bridge), output: .interface(bridge))
      if let fate = pass(scene, &journey) { return journey.ends(fate) }
    }
    if let fate = passFrame(HandOver.forward..<Int32.max, scene, &journey) {
      return journey.ends(fate)
    }
    return finish(journey, bridge, .interface(target.name), port: target.name)
  }

  /// What comes last before a frame leaves by a port.
  private mutating func finish(
    _ journey: Journey, _ bridge: InterfaceName, _ output: Face, port: InterfaceName?
  ) -> Trip {
    var journey = journey
    let scene = Scene(hook: .postrouting, layer: .bridge, output: output)
    if let fate = passFrame(.min..<Int32.max, scene, &journey) { return journey.ends(fate) }
    if journey.isHandedOver {
      let scene = Scene(hook: .postrouting, layer: .host, output: .interface(bridge))
      if let fate = pass(scene, &journey) { return journey.ends(fate) }
    } else if tracksFrames {
      confirm(journey)
    }
    return journey.ends(.sent(by: bridge, port: port))
  }

  /// Sends a packet of the host's, or one that it routes, on a bridge.
  mutating func emit(
    _ journey: Journey, on bridge: InterfaceName, for nextHop: IPAddress
  ) -> [Trip] {
    var journey = journey
    journey.isHandedOver = false
    if nextHop.isMulticast || topology.isBroadcast(nextHop) {
      return topology.ports(of: bridge).map { emit(journey, on: bridge, by: $0.name) }
    }
    if let neighbor = topology.neighbor(nextHop, on: bridge) {
      return [emit(journey, on: bridge, by: neighbor.interface)]
    }
    guard hooks.judgesSentFrames else {
      return [journey.ends(.sent(by: bridge, port: nil))]
    }
    let output = Face.unknown(.port(of: bridge, nextHop))
    return [emit(journey, on: bridge, output, port: nil)]
  }

  private mutating func emit(
    _ journey: Journey, on bridge: InterfaceName, by port: InterfaceName
  ) -> Trip {
    emit(journey, on: bridge, .interface(port), port: port)
  }

  private mutating func emit(
    _ journey: Journey, on bridge: InterfaceName, _ output: Face, port: InterfaceName?
  ) -> Trip {
    var journey = journey
    let scene = Scene(hook: .output, layer: .bridge, output: output)
    if let fate = passFrame(.min..<Int32.max, scene, &journey) { return journey.ends(fate) }
    return finish(journey, bridge, output, port: port)
  }

  /// Takes the host to have looked for its neighbors on a bridge before: sets that learn ports know
  /// those that it could be asked about.
  private mutating func settle(_ bridge: InterfaceName) {
    guard hooks.judgesSentFrames, memory.settledBridges.insert(bridge).inserted,
      let interface = topology.interface(bridge)
    else { return }
    for port in topology.ports(of: bridge) {
      for own in interface.addresses {
        _ = emit(Journey(interface.search(from: own.address)), on: bridge, by: port.name)
      }
    }
  }
}

extension Topology.Interface {
  /// A question for any neighbor, by ARP or neighbor discovery.
  fileprivate func search(from address: IPAddress) -> Packet {
    switch address.family {
    case .ipv4:
      Packet(
        from: address, to: address, .arp(senderMAC: hardwareAddress), sourceMAC: hardwareAddress)
    case .ipv6:
      Packet(
        from: address, to: IPAddress(family: .ipv6, bits: 0xFF02 << 112 | 1),
        .neighbor(type: ICMPType.neighborSolicitation, target: address),
        sourceMAC: hardwareAddress)
    }
  }
}

extension Packet {
  /// Whether every port of a link gets it, whoever has the destination address: ARP requests are
  /// broadcast.
  fileprivate var isForEverybody: Bool {
    if case .arp = content { return true }
    return destination.isMulticast
  }
}
