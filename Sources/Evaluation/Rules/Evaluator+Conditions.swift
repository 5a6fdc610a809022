import Netfilter
import NetworkTypes

extension Evaluator {
  /// Whether all conditions hold; what is unknown does not matter where another one fails.
  mutating func conditionsHold(
    _ matches: [Match], _ place: RulePlace, _ scene: Scene, _ journey: Journey
  ) -> Truth {
    var result = Truth.yes
    for (index, match) in matches.enumerated() {
      // What counts must not count packets that other conditions may refuse.
      if case .unknown = result, match.counts { return result }
      switch holds(match, index, place, scene, journey) {
      case .no: return .no
      case .unknown(let missing): if case .yes = result { result = .unknown(missing) }
      case .yes: continue
      }
    }
    return result
  }

  /// The same for a rule that no ruleset has.
  mutating func conditionsHold(
    _ conditions: [Program.Condition], _ place: RulePlace, _ scene: Scene, _ journey: Journey
  ) -> Truth {
    var result = Truth.yes
    for (index, condition) in conditions.enumerated() {
      let truth: Truth
      switch condition {
      case .match(let match):
        if case .unknown = result, match.counts { return result }
        truth = holds(match, index, place, scene, journey)
      case .handshake: truth = Truth(journey.packet.isHandshake)
      case .unknown(let words): truth = .unknown(.condition(words))
      }
      switch truth {
      case .no: return .no
      case .unknown(let missing): if case .yes = result { result = .unknown(missing) }
      case .yes: continue
      }
    }
    return result
  }

  private mutating func holds(
    _ match: Match, _ index: Int, _ place: RulePlace, _ scene: Scene, _ journey: Journey
  ) -> Truth {
    let packet = journey.packet
    switch match {
    case .family(let family): return Truth(packet.etherType == family.etherType)
    case .etherType(let type): return Truth(packet.etherType == type)
    case .inputInterface(let match): return holds(match, scene.input, place)
    case .outputInterface(let match): return holds(match, scene.output, place)
    case .inputBridge(let bridge): return bridgeIs(bridge, scene.input)
    case .outputBridge(let bridge): return bridgeIs(bridge, scene.output)
    case .source(let match): return holds(match, packet.ipSource, place)
    case .destination(let match): return holds(match, packet.ipDestination, place)
    case .sourceIsLocal(let isLocal): return isOwn(packet.source).isDifferent(from: !isLocal)
    case .destinationIsLocal(let isLocal):
      return isOwn(packet.destination).isDifferent(from: !isLocal)
    case .transport(let transport): return Truth(packet.transport == transport)
    case .sourcePort(let ranges): return Truth(ranges.contain(packet.sourcePort))
    case .destinationPort(let ranges): return Truth(ranges.contain(packet.destinationPort))
    case .icmp(let family, let type, let code):
      guard packet.family == family, let own = packet.icmp else { return .no }
      return Truth(own.type == type && (code == nil || own.code == code))
    case .connectionState, .destinationTranslated, .originalDirection:
      return Truth(journey.tracking.satisfies(match))
    case .mark(let mark): return Truth(packet.mark & mark.mask == mark.value)
    case .limit(let limit): return counts(limit, index, place, packet)
    case .connectionsOver(let count, let perSource, let meter):
      return isOver(count, perSource: perSource, meter, index, place, journey)
    case .sourceMAC(let address, let negated):
      return hardwareIs(address, scene, packet).isDifferent(from: negated)
    case .arpSenderAddress(let match):
      guard packet.etherType == .arp else { return .no }
      return holds(match, packet.source, place)
    case .arpSenderMAC(let address, let negated):
      guard case .arp(let sender) = packet.content else { return .no }
      guard let sender else { return .unknown(.hardwareAddress(packet.source)) }
      return Truth((sender == address) != negated)
    case .arpTargetAddress(let match):
      guard packet.etherType == .arp else { return .no }
      return holds(match, packet.destination, place)
    case .neighborTarget(let match):
      guard case .neighbor(_, let target) = packet.content else { return .no }
      return holds(match, target, place)
    case .connectionAttempt(let isAttempt):
      guard case .tcp(_, _, let segment) = packet.content else { return .no }
      return Truth((segment == .opening) == isAttempt)
    case .remembered(let key, let set, let side):
      guard let flow = FlowIdentity(packet, key, side) else { return .no }
      let entry = Memory.SetEntry(table: place.table, set: set, value: flow)
      return Truth(memory.flows[entry].map { $0 > memory.now } ?? false)
    }
  }

  private func isOwn(_ address: IPAddress) -> Truth {
    guard let isOwn = topology.isOwn(address) else { return .unknown(.linkLocal(address)) }
    return Truth(isOwn)
  }

  private func holds(_ match: AddressMatch, _ address: IPAddress?, _ place: RulePlace) -> Truth {
    guard let address, match.family == address.family else { return .no }
    switch match.operand {
    case .range(let range): return Truth(range.contains(address) != match.negated)
    case .set(let name, _):
      guard let index = hooks.set(name, in: place.table),
        case .addresses(_, let ranges) = program.tables[place.table].sets[index].content
      else { return .unknown(.object(name)) }
      return Truth(ranges.containSorted(address) != match.negated)
    }
  }

  // A frame of the host's own has no sender's address yet, so that nothing can be said of it.
  private func hardwareIs(_ address: MACAddress, _ scene: Scene, _ packet: Packet) -> Truth {
    if scene.layer == .host, scene.hook == .output { return .no }
    guard let own = packet.sourceMAC else { return .unknown(.hardwareAddress(packet.source)) }
    return Truth(own == address)
  }
}

extension Match {
  /// Whether asking changes what the next packet is told.
  fileprivate var counts: Bool {
    switch self {
    case .limit, .connectionsOver: true
    case .family, .inputInterface, .outputInterface, .inputBridge, .outputBridge, .source,
      .destination, .sourceIsLocal, .destinationIsLocal, .transport, .sourcePort,
      .destinationPort, .icmp, .connectionState, .destinationTranslated, .originalDirection,
      .mark, .sourceMAC, .etherType, .arpSenderAddress, .arpSenderMAC, .arpTargetAddress,
      .neighborTarget, .connectionAttempt, .remembered:
      false
    }
  }
}

extension Tracking {
  /// Whether a condition on the connection holds; packets of no connection have a state alone.
  fileprivate func satisfies(_ match: Match) -> Bool {
    switch match {
    case .connectionState(let states): states.contains(state)
    case .destinationTranslated(let isTranslated):
      membership.map { $0.connection.isDestinationTranslated == isTranslated } ?? false
    case .originalDirection: membership?.direction == .original
    case .family, .inputInterface, .outputInterface, .inputBridge, .outputBridge, .source,
      .destination, .sourceIsLocal, .destinationIsLocal, .transport, .sourcePort,
      .destinationPort, .icmp, .mark, .limit, .connectionsOver, .sourceMAC, .etherType,
      .arpSenderAddress, .arpSenderMAC, .arpTargetAddress, .neighborTarget, .connectionAttempt,
      .remembered:
      false
    }
  }

  private var state: ConnectionState {
    switch self {
    case .unseen, .invalid: .invalid
    case .untracked: .untracked
    case .member(let membership):
      switch membership.state {
      case .new: .new
      case .established: .established
      case .related: .related
      }
    }
  }
}

extension Packet {
  fileprivate var etherType: EtherType {
    if case .arp = content { return .arp }
    return family.etherType
  }

  // ARP has addresses, but no IP header with them.
  fileprivate var ipSource: IPAddress? { etherType == .arp ? nil : source }
  fileprivate var ipDestination: IPAddress? { etherType == .arp ? nil : destination }

  fileprivate var icmp: (type: UInt8, code: UInt8)? {
    switch content {
    case .icmp(let type, let code, _), .icmpError(let type, let code, _): (type, code)
    case .neighbor(let type, _): (type, 0)
    case .tcp, .ports, .other, .arp: nil
    }
  }

  fileprivate var isHandshake: Bool {
    guard case .tcp(_, _, let segment) = content else { return false }
    switch segment {
    case .opening, .answering: return true
    case .later, .reset: return false
    }
  }
}

extension AddressFamily {
  fileprivate var etherType: EtherType {
    switch self {
    case .ipv4: .ipv4
    case .ipv6: .ipv6
    }
  }
}

extension [PortRange] {
  fileprivate func contain(_ port: UInt16?) -> Bool {
    guard let port else { return false }
    return contains { $0.contains(port) }
  }
}

extension [AddressRange] {
  /// Whether one of these ranges, which are sorted and apart, has the address.
  fileprivate func containSorted(_ address: IPAddress) -> Bool {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = (low + high) / 2
      if self[middle].last < address { low = middle + 1 } else { high = middle }
    }
    return low < endIndex && self[low].contains(address)
  }
}
