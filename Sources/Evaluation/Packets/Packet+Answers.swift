import Netfilter
import NetworkTypes

extension Packet {
  /// What a service that got this packet says; `nil` where nothing is said to such packets.
  var answer: Packet? {
    let content: Content
    switch self.content {
    case .tcp(let from, let to, let segment):
      guard segment == .opening else { return nil }
      content = .tcp(from: to, to: from, .answering)
    case .ports(let transport, let from, let to):
      content = .ports(transport, from: to, to: from)
    case .icmp(let type, _, let identifier):
      guard type == ICMPType.echoRequest(family) else { return nil }
      content = .icmp(type: ICMPType.echoReply(family), code: 0, identifier: identifier)
    case .other(let transport): content = .other(transport)
    case .icmpError, .neighbor, .arp: return nil
    }
    return Packet(from: destination, to: source, content)
  }

  /// What a machine where nobody listens says; `nil` where it says nothing.
  var complaint: Packet? {
    let content: Content
    switch self.content {
    case .tcp(let from, let to, let segment):
      guard segment == .opening else { return nil }
      content = .tcp(from: to, to: from, .reset)
    case .ports, .other:
      content = .icmpError(
        type: ICMPType.unreachable(family), code: ICMPType.portUnreachable(family), about: self)
    case .icmp, .icmpError, .neighbor, .arp: return nil
    }
    return Packet(from: destination, to: source, content)
  }

  /// What the host at `address` answers in the place of whoever the packet was for.
  func refusal(_ rejection: Rejection, by address: IPAddress) -> Packet {
    if rejection == .tcpReset, case .tcp(let from, let to, _) = content {
      return Packet(from: destination, to: source, .tcp(from: to, to: from, .reset))
    }
    return Packet(
      from: address, to: source,
      .icmpError(
        type: ICMPType.unreachable(family), code: ICMPType.prohibited(family), about: self))
  }

  /// What its sender sends when it was answered.
  var next: Packet {
    guard case .tcp(let from, let to, _) = content else { return self }
    var result = self
    result.content = .tcp(from: from, to: to, .later)
    return result
  }

  /// Whether the sender of `packet` takes this for an answer to it.
  func isAnswer(to packet: Packet) -> Bool {
    if case .icmpError = content { return destination == packet.source }
    return FlowTuple(self) == FlowTuple(packet)?.reversed
  }
}
