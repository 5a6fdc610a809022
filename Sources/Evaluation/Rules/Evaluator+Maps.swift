import Netfilter
import NetworkTypes

extension Evaluator {
  /// Goes where a verdict map says, or on with the next rule where it has nothing to say.
  mutating func dispatch(
    _ fields: [KeyField], _ name: String, _ act: inout Act, _ journey: Journey
  ) -> Next? {
    guard let index = hooks.verdictMap(name, in: act.place.table) else {
      return .end(.undecided(.object(name)))
    }
    let map = program.tables[act.place.table].verdictMaps[index]
    switch PacketKey.of(journey.packet, fields, act.scene) {
    case .none: return act.miss()
    case .unknown(let missing): return map.elements.isEmpty ? act.miss() : .end(.undecided(missing))
    case .key(let key):
      let place = MapIndex.Place(table: act.place.table, map: index, kind: .verdicts)
      let elements = map.elements
      guard let found = mapIndex.find(key, place, count: elements.count, { elements[$0].key })
      else { return act.miss() }
      act.element = Step.Element(map: name, index: found)
      act.elementOrigin = elements[found].origin
      return elements[found].verdict.next(&act)
    }
  }

  /// Rewrites to where an address map says.
  mutating func translateDestination(
    by name: String, _ act: inout Act, _ journey: inout Journey
  ) -> Next? {
    guard let index = hooks.addressMap(name, in: act.place.table) else {
      return .end(.undecided(.object(name)))
    }
    let map = program.tables[act.place.table].addressMaps[index]
    guard map.family == journey.packet.family,
      map.transport == nil || map.transport == journey.packet.transport
    else { return act.miss() }
    switch PacketKey.of(journey.packet, map.fields, act.scene) {
    case .none: return act.miss()
    case .unknown(let missing): return map.elements.isEmpty ? act.miss() : .end(.undecided(missing))
    case .key(let key):
      let place = MapIndex.Place(table: act.place.table, map: index, kind: .addresses)
      let elements = map.elements
      guard let found = mapIndex.find(key, place, count: elements.count, { elements[$0].key })
      else { return act.miss() }
      let element = elements[found]
      act.element = Step.Element(map: name, index: found)
      act.elementOrigin = element.origin
      var port: UInt16?
      if let first = element.port, let dialled = journey.packet.destinationPort,
        let ports = element.key.ports
      {
        port = first &+ (dialled &- ports.lower)
      }
      journey.changeConnection { $0.translateDestination(to: element.address, port: port) }
      act.effects.append(.destination(element.address, port: port))
      return .leave
    }
  }
}

extension Act {
  /// Goes on with the next rule, since the map has nothing for the packet.
  fileprivate mutating func miss() -> Next {
    isMiss = true
    return .rule
  }
}

/// A packet's own key for a map.
enum PacketKey {
  case key([KeyValue])
  /// The packet has no such key, so that no element can have it.
  case none
  case unknown(Missing)

  static func of(_ packet: Packet, _ fields: [KeyField], _ scene: Scene) -> PacketKey {
    var values: [KeyValue] = []
    for field in fields {
      switch field {
      case .inputInterface, .outputInterface:
        switch field == .inputInterface ? scene.input : scene.output {
        case .interface(let name): values.append(.interface(name))
        case .absent: return .none
        case .unknown(let missing): return .unknown(missing)
        }
      case .sourceAddress(let family):
        guard packet.family == family else { return .none }
        values.append(.address(packet.source))
      case .destinationAddress(let family):
        guard packet.family == family else { return .none }
        values.append(.address(packet.destination))
      case .transport:
        guard let transport = packet.transport else { return .none }
        values.append(.transport(transport))
      case .destinationPort:
        guard let port = packet.destinationPort else { return .none }
        values.append(.ports(PortRange(port)))
      }
    }
    return .key(values)
  }
}
