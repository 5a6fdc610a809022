import NetworkTypes

extension Evaluator {
  /// What conntrack makes of the packet (`nf_conntrack_in`), unless it has seen it before.
  mutating func track(_ journey: inout Journey) {
    guard journey.tracking == .unseen else { return }
    journey.tracking = tracking(of: journey.packet)
    if let membership = journey.tracking.membership, membership.direction == .reply,
      membership.state == .established
    {
      memory.connections.noteReply(to: membership.connection.original)
    }
  }

  /// Enters the connection of a first packet that got through (`nf_conntrack_confirm`).
  mutating func confirm(_ journey: Journey) {
    guard let membership = journey.tracking.membership, membership.state == .new,
      !memory.connections.contains(membership.connection.original)
    else { return }
    memory.connections.insert(membership.connection)
  }

  private func tracking(of packet: Packet) -> Tracking {
    switch packet.content {
    case .arp: return .untracked
    case .neighbor: return .untracked
    case .icmpError(_, _, let quoted): return related(to: quoted)
    case .tcp, .ports, .icmp, .other: break
    }
    if packet.isUntracked { return .untracked }
    guard let tuple = FlowTuple(packet) else { return .invalid }
    guard let (found, direction) = memory.connections.find(tuple) else {
      guard packet.opensConnection else { return .invalid }
      return .member(
        Tracking.Membership(connection: Connection(tuple), direction: .original, state: .new))
    }
    var connection = found
    if direction == .reply { connection.hasSeenReply = true }
    if case .tcp(_, _, .answering) = packet.content, direction == .original { return .invalid }
    return .member(
      Tracking.Membership(
        connection: connection, direction: direction,
        state: connection.hasSeenReply ? .established : .new))
  }

  /// An error about a packet belongs to that packet's connection, and goes the other way.
  private func related(to quoted: Packet) -> Tracking {
    guard let tuple = FlowTuple(quoted)?.reversed,
      let (connection, direction) = memory.connections.find(tuple)
    else { return .invalid }
    return .member(
      Tracking.Membership(connection: connection, direction: direction, state: .related))
  }
}

extension Packet {
  /// Multicast listener discovery and what neighbors say are not tracked
  /// (nf_conntrack_proto_icmpv6.c, `noct_valid_new`).
  fileprivate var isUntracked: Bool {
    guard family == .ipv6, case .icmp(let type, _, _) = content else { return false }
    return (130...136).contains(type) || type == 143
  }

  /// Whether conntrack takes the packet for the first of a connection (`tcp_new`, with
  /// `nf_conntrack_tcp_loose` as by default, and `valid_new` of ICMP).
  fileprivate var opensConnection: Bool {
    switch content {
    case .tcp(_, _, let segment):
      switch segment {
      case .opening, .later: true
      case .answering, .reset: false
      }
    case .icmp(let type, _, _):
      // Echo, and of IPv4 also timestamp, information and address mask requests.
      family == .ipv4 ? [8, 13, 15, 17].contains(type) : type == 128
    case .ports, .other: true
    case .icmpError, .neighbor, .arp: false
    }
  }
}
