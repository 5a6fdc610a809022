import Netfilter
import NetworkTypes

/// Which end of a packet NAT may rewrite at a hook (`HOOK2MANIP`).
enum TranslatedEnd {
  case source, destination

  /// `nil` where packets are not rewritten.
  init?(_ hook: Hook) {
    switch hook {
    case .prerouting, .output: self = .destination
    case .input, .postrouting: self = .source
    case .forward: return nil
    }
  }
}

extension Evaluator {
  /// Does what NAT does at a hook: asks the rules about the first packet of a connection, and
  /// rewrites every packet as was decided for its connection (`nf_nat_inet_fn`).
  ///
  /// - Returns: the fate of a packet that goes no further.
  mutating func translate(_ journey: inout Journey, _ scene: Scene) -> Passage.Fate? {
    guard let end = TranslatedEnd(scene.hook), hooks.translates(journey.packet.family),
      let membership = journey.tracking.membership
    else { return nil }
    let isUndecided =
      switch end {
      case .destination: !membership.connection.hasDestinationDecision
      case .source: !membership.connection.hasSourceDecision
      }
    if membership.state == .new, membership.direction == .original, isUndecided {
      if let fate = decide(end, &journey, scene) { return fate }
    }
    journey.applyTranslation(end)
    return nil
  }

  private mutating func decide(
    _ end: TranslatedEnd, _ journey: inout Journey, _ scene: Scene
  ) -> Passage.Fate? {
    for entry in hooks.entries(scene, of: .nat, family: journey.packet.family) {
      if let fate = walk(entry, scene, &journey) { return fate }
      if journey.isDecided(end) { return nil }
    }
    journey.decide(end)
    return nil
  }
}

extension Journey {
  fileprivate func isDecided(_ end: TranslatedEnd) -> Bool {
    guard let connection = tracking.membership?.connection else { return true }
    switch end {
    case .destination: return connection.hasDestinationDecision
    case .source: return connection.hasSourceDecision
    }
  }

  /// Notes that nothing is rewritten.
  fileprivate mutating func decide(_ end: TranslatedEnd) {
    changeConnection { connection in
      switch end {
      case .destination: connection.hasDestinationDecision = true
      case .source: connection.hasSourceDecision = true
      }
    }
  }

  mutating func changeConnection(_ change: (inout Connection) -> Void) {
    guard case .member(var membership) = tracking else { return }
    change(&membership.connection)
    tracking = .member(membership)
  }

  /// Rewrites one end of the packet as its connection has it (`nf_nat_packet`).
  fileprivate mutating func applyTranslation(_ end: TranslatedEnd) {
    guard let membership = tracking.membership else { return }
    let connection = membership.connection
    let isChanged =
      switch (end, membership.direction) {
      case (.source, .original), (.destination, .reply): connection.isSourceTranslated
      case (.destination, .original), (.source, .reply): connection.isDestinationTranslated
      }
    guard isChanged else { return }
    let wanted =
      membership.direction == .original ? connection.translated : connection.original.reversed
    packet = packet.translated(end, as: wanted)
  }
}

extension Packet {
  /// The packet with one end as in `wanted`; of an error, the other end of what it quotes as well.
  fileprivate func translated(_ end: TranslatedEnd, as wanted: FlowTuple) -> Packet {
    var result: Packet
    switch end {
    case .source:
      result = readdressed(from: wanted.source, fromPort: wanted.sourcePort)
    case .destination:
      result = readdressed(to: wanted.destination, toPort: wanted.destinationPort)
    }
    if case .icmpError(let type, let code, let quoted) = content {
      let inner: Packet =
        switch end {
        case .source: quoted.readdressed(to: wanted.source, toPort: wanted.sourcePort)
        case .destination:
          quoted.readdressed(from: wanted.destination, fromPort: wanted.destinationPort)
        }
      result.content = .icmpError(type: type, code: code, about: inner)
    }
    return result
  }
}
