import Evaluation
import NetworkTypes
import TestSupport

extension Probe {
  /// The first packet of the probe.
  ///
  /// - Parameter port: the source port where the probe names none.
  func packet(port: UInt16, _ topology: Topology) -> Packet {
    let own = sender.isHost ? topology.sourceAddress(for: destination) : sender.address(family)
    var packet = packet(
      from: source ?? own ?? IPAddress(family: family, bits: 0), port: sourcePort ?? port)
    if !sender.isHost {
      packet.sourceMAC = oddities.hardwareSource.map(MACAddress.init(octets:)) ?? sender.hardware
    }
    packet.isTagged = oddities.isTagged
    return packet
  }

  private func packet(from source: IPAddress, port: UInt16) -> Packet {
    let echo: TransportProtocol = family == .ipv4 ? .icmp : .icmpv6
    return switch kind {
    case .tcp(let to), .forged(.syn(let to)):
      .first(.tcp, from: source, port: port, to: destination, port: to)
    case .udp(let to), .forged(.udp(let to)):
      .first(.udp, from: source, port: port, to: destination, port: to)
    case .sctp(let to): .first(.sctp, from: source, port: port, to: destination, port: to)
    case .echo, .forged(.echoRequest):
      .first(echo, from: source, port: port, to: destination, port: 0)
    case .dhcpReply: .first(.udp, from: source, port: 67, to: destination, port: 68)
    case .forged(.synAck(let to)):
      Packet(from: source, to: destination, .tcp(from: port, to: to, .answering))
    case .forged(.echoReply):
      Packet(
        from: source, to: destination,
        .icmp(type: ICMPType.echoReply(family), code: 0, identifier: port))
    case .forged(.claim): claim
    case .forged(.routerAdvertisement):
      Packet(from: source, to: destination, .icmp(type: 134, code: 0, identifier: port))
    case .forged(.solicitation):
      Packet(
        from: source, to: destination,
        .neighbor(type: ICMPType.neighborSolicitation, target: destination))
    }
  }

  private var claim: Packet {
    switch family {
    case .ipv4:
      Packet(from: destination, to: destination, .arp(senderMAC: sender.hardware))
    case .ipv6:
      Packet(
        from: destination, to: AddressPair(("224.0.0.1", "ff02::1")).ipv6,
        .neighbor(type: ICMPType.neighborAdvertisement, target: destination))
    }
  }
}
