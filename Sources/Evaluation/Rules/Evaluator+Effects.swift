import Netfilter
import NetworkTypes

extension Evaluator {
  /// Does one thing of a rule.
  ///
  /// - Returns: where the packet goes on; `nil` where the rule goes on.
  mutating func perform(
    _ effect: Program.Effect, _ act: inout Act, _ journey: inout Journey
  ) -> Next? {
    switch effect {
    case .action(let action): return perform(action, &act, &journey)
    case .destination(let address, let ports, let base):
      let port = journey.packet.destinationPort.map { $0 &- base &+ ports.lower }
      return translateDestination(to: address, port: port, &act, &journey)
    case .port(let address, let port):
      let own = journey.packet.destinationPort.map { _ in port }
      return translateDestination(to: address, port: own, &act, &journey)
    case .unknown(let words): return .end(.undecided(.effect(words)))
    }
  }

  /// Does one thing of a rule of a ruleset.
  mutating func perform(
    _ action: Action, _ act: inout Act, _ journey: inout Journey
  ) -> Next? {
    switch action {
    case .counter: return nil
    case .log(let prefix): act.effects.append(.log(prefix: prefix))
    case .setMark(let mark):
      journey.packet.mark = journey.packet.mark & ~mark.mask | mark.value
      act.effects.append(.mark(journey.packet.mark))
    case .verdict(let verdict): return verdict.next(&act)
    case .reject(let rejection): return refuse(rejection, &act, journey.packet)
    case .dispatch(let fields, let map): return dispatch(fields, map, &act, journey)
    case .destinationNAT(.address(let address)):
      guard address.family == journey.packet.family else { return nil }
      return translateDestination(to: address, port: nil, &act, &journey)
    case .destinationNAT(.map(let map)): return translateDestination(by: map, &act, &journey)
    case .sourceNAT(let translation):
      guard translation.addresses.family == journey.packet.family else { return nil }
      return translateSource(
        to: translation.addresses.first, ports: translation.ports, &act, &journey)
    case .masquerade(let ports, _): return masquerade(ports, &act, &journey)
    case .clampMSS(let size): if journey.packet.isTCP { act.effects.append(.clampMSS(size)) }
    case .fixChecksum: act.effects.append(.fixChecksum)
    case .remember(let key, let set): remember(key, set, &act, journey.packet)
    case .learnOutputInterface(let set): learn(set, &act)
    }
    return nil
  }

  private func refuse(_ rejection: Rejection, _ act: inout Act, _ packet: Packet) -> Next? {
    // A reset answers TCP alone; other packets pass the rule by.
    if rejection == .tcpReset, !packet.isTCP { return .rule }
    act.effects.append(.reject(rejection))
    return .end(.rejected(rejection))
  }

  private mutating func translateDestination(
    to address: IPAddress, port: UInt16?, _ act: inout Act, _ journey: inout Journey
  ) -> Next {
    journey.changeConnection { $0.translateDestination(to: address, port: port) }
    act.effects.append(.destination(address, port: port))
    return .leave
  }

  private mutating func translateSource(
    to address: IPAddress, ports: PortRange?, _ act: inout Act, _ journey: inout Journey
  ) -> Next {
    var port = journey.packet.sourcePort
    if let ports, let own = port, !ports.contains(own) { port = ports.lower }
    journey.changeConnection { $0.translateSource(to: address, port: port) }
    act.effects.append(.source(address, port: port))
    return .leave
  }

  private mutating func masquerade(
    _ ports: PortRange?, _ act: inout Act, _ journey: inout Journey
  ) -> Next {
    guard case .interface(let output) = act.scene.output else {
      return .end(.undecided(.effect("masquerade")))
    }
    let way = topology.way(to: journey.packet.destination)
    let hop = way?.interface == output ? way?.nextHop : nil
    let neighbor = hop ?? journey.packet.destination
    guard let address = topology.linkAddress(on: output, towards: neighbor) else {
      return .end(.discarded(.nothingToMasqueradeWith))
    }
    return translateSource(to: address, ports: ports, &act, &journey)
  }

  private mutating func remember(
    _ key: FlowKey, _ set: String, _ act: inout Act, _ packet: Packet
  ) {
    guard let flow = FlowIdentity(packet, key, .opening),
      let index = hooks.set(set, in: act.place.table),
      case .flows(_, let timeout) = program.tables[act.place.table].sets[index].content
    else { return }
    let entry = Memory.SetEntry(table: act.place.table, set: set, value: flow)
    memory.flows[entry] = memory.now + UInt64(timeout) * 1000
    act.effects.append(.remember(set: set))
  }

  private mutating func learn(_ set: String, _ act: inout Act) {
    guard case .interface(let output) = act.scene.output,
      let index = hooks.set(set, in: act.place.table),
      case .learnedInterfaces(let timeout) = program.tables[act.place.table].sets[index].content
    else { return }
    let entry = Memory.SetEntry(table: act.place.table, set: set, value: output)
    memory.interfaces[entry] = memory.now + UInt64(timeout) * 1000
    act.effects.append(.remember(set: set))
  }
}

extension Verdict {
  func next(_ act: inout Act) -> Next {
    act.effects.append(.verdict(self))
    return switch self {
    case .accept: .leave
    case .drop: .end(.dropped)
    case .return: .caller
    case .jump(let chain): .call(chain)
    case .goto(let chain): .goto(chain)
    }
  }
}

extension Packet {
  fileprivate var isTCP: Bool { transport == .tcp }
}
