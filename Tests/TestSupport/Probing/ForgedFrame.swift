import NetworkTypes

/// The frame of a forged probe, from hardware header to mark.
struct ForgedFrame {
  let probe: Probe
  let plan: TopologyPlan
  let forgery: Probe.Forgery
  let payload: [UInt8]
  /// The source port where the probe names none.
  let freePort: UInt16

  var bytes: [UInt8] {
    hardwareDestination + (probe.oddities.hardwareSource ?? probe.sender.hardwareAddress)
      + (probe.oddities.isTagged ? [0x81, 0x00, 0, 0] : []) + content
  }

  private var content: [UInt8] {
    if forgery == .claim, probe.family == .ipv4 { return [0x08, 0x06] + announcement }
    return (probe.family == .ipv4 ? [0x08, 0x00] : [0x86, 0xDD]) + packet
  }

  private var packet: [UInt8] {
    let datagram = Datagram(source: probe.frameSource, destination: probe.destination)
    let sourcePort = probe.sourcePort ?? freePort
    switch forgery {
    case .syn(let port):
      return datagram.tcp(from: sourcePort, to: port, flags: Datagram.TCPFlags.syn, payload)
    case .synAck(let port):
      return datagram.tcp(from: sourcePort, to: port, flags: Datagram.TCPFlags.synAck, payload)
    case .udp(let port): return datagram.udp(from: sourcePort, to: port, payload)
    case .echoRequest: return datagram.echo(isReply: false, identifier: freePort, payload)
    case .echoReply: return datagram.echo(isReply: true, identifier: freePort, payload)
    case .claim: return advertisement
    case .routerAdvertisement:
      return datagram.routerAdvertisement(at: probe.sender.hardwareAddress, payload)
    case .solicitation:
      return datagram.neighborMessage(
        .solicitation, of: probe.destination, at: probe.sender.hardwareAddress, payload)
    }
  }

  // A gratuitous request (RFC 5227, 3), the mark behind it.
  private var announcement: [UInt8] {
    let claimed = probe.destination.bytes
    return [0, 1, 8, 0, 6, 4, 0, 1] + probe.sender.hardwareAddress + claimed
      + [0, 0, 0, 0, 0, 0] + claimed + payload
  }

  private var advertisement: [UInt8] {
    Datagram(source: probe.destination, destination: Self.allNodes)
      .neighborMessage(
        .advertisement, of: probe.destination, at: probe.sender.hardwareAddress, payload)
  }

  private static let allNodes = IPAddress(family: .ipv6, bits: 0xFF02 << 112 | 1)

  private var hardwareDestination: [UInt8] {
    if probe.oddities.isRouted { return probe.sender.segment.hardwareAddress }
    if forgery == .claim {
      return probe.family == .ipv4 ? Self.broadcast : [0x33, 0x33, 0, 0, 0, 1]
    }
    let bytes = probe.destination.bytes
    if probe.destination.isMulticast {
      return probe.family == .ipv4
        ? [0x01, 0x00, 0x5E, bytes[1] & 0x7F, bytes[2], bytes[3]]
        : [0x33, 0x33] + bytes[12...]
    }
    return isBroadcast ? Self.broadcast : neighbor
  }

  private static let broadcast = [UInt8](repeating: 0xFF, count: 6)

  private var isBroadcast: Bool {
    guard probe.family == .ipv4 else { return false }
    let segment = probe.sender.segment.prefix(.ipv4)
    return probe.destination.bits == 0xFFFF_FFFF || probe.destination == segment?.last
  }

  // Whoever on the sender's link has the address, else the host.
  private var neighbor: [UInt8] {
    let segment = probe.sender.segment
    let station = plan.stations.first {
      $0.segment == segment && $0.address(probe.family) == probe.destination
    }
    return station?.hardwareAddress ?? segment.hardwareAddress
  }
}

extension Probe {
  /// The source of a packet that is written by hand.
  var frameSource: IPAddress {
    source ?? sender.address(family) ?? IPAddress(family: family, bits: 0)
  }
}
