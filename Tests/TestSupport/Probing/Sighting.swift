import NetworkTypes

/// What a raw socket shows of a probe.
enum Sighting {
  /// The probe itself arrived.
  case delivered(ProbeMark, Observation.Delivery)
  /// A connection attempt arrived; the source port tells whose. The size is that of the largest
  /// segment that it asks for.
  case attempted(Observation.Delivery, size: UInt16?)
  /// A connection attempt from this port was taken.
  case accepted(port: UInt16, size: UInt16?)
  /// An SCTP packet arrived.
  case associating(SCTPPacket, Observation.Delivery)
  /// The reply of an echo arrived.
  case replied(ProbeMark, Observation.Delivery)
  /// Somebody refuses to carry or take the probe.
  case refused(ProbeMark)

  /// Reads what a raw socket of `transport` at `station` received.
  ///
  /// - Parameter packet: with its header for IPv4, without it for IPv6 (raw(7), ipv6(7)).
  init?(
    _ packet: [UInt8], of transport: TransportProtocol, from source: IPAddress, at station: Station
  ) {
    var body = packet[...]
    if source.family == .ipv4 {
      guard let first = packet.first else { return nil }
      body = body.dropFirst(Int(first & 0x0F) * 4)
    }
    guard body.count >= 8 else { return nil }
    switch transport {
    case .tcp: self.init(tcp: body, source, station)
    case .udp: self.init(udp: body, source, station)
    case .sctp:
      guard let packet = SCTPPacket(body) else { return nil }
      self = .associating(packet, Self.delivery(body, source, station))
    default: self.init(icmp: body, source, station)
    }
  }

  private init?(udp body: ArraySlice<UInt8>, _ source: IPAddress, _ station: Station) {
    guard let mark = ProbeMark(at: body.dropFirst(8)) else { return nil }
    self = .delivered(mark, Self.delivery(body, source, station))
  }

  private init?(tcp body: ArraySlice<UInt8>, _ source: IPAddress, _ station: Station) {
    guard body.count >= 20 else { return nil }
    let flags = body[body.startIndex + 13]
    let length = Int(body[body.startIndex + 12] >> 4) * 4
    let delivery = Self.delivery(body, source, station)
    if let mark = ProbeMark(at: body.dropFirst(length)) {
      self = .delivered(mark, delivery)
    } else if flags & Datagram.TCPFlags.synAck == Datagram.TCPFlags.syn {
      self = .attempted(delivery, size: Self.segmentSize(body.prefix(length)))
    } else if flags & Datagram.TCPFlags.synAck == Datagram.TCPFlags.synAck {
      self = .accepted(port: body.big16(2), size: Self.segmentSize(body.prefix(length)))
    } else {
      return nil
    }
  }

  /// The option of a TCP header that tells the largest segment (RFC 9293, 3.2).
  private static func segmentSize(_ header: ArraySlice<UInt8>) -> UInt16? {
    var options = header.dropFirst(20)
    while let kind = options.first, kind != 0 {
      guard kind != 1 else {
        options = options.dropFirst()
        continue
      }
      guard let length = options.dropFirst().first, length >= 2, options.count >= length else {
        return nil
      }
      if kind == 2, length == 4 { return options.big16(2) }
      options = options.dropFirst(Int(length))
    }
    return nil
  }

  private init?(icmp body: ArraySlice<UInt8>, _ source: IPAddress, _ station: Station) {
    let type = body[body.startIndex]
    if type == source.family.unreachableType {
      guard let mark = ProbeMark(in: body.dropFirst(8)) else { return nil }
      self = .refused(mark)
      return
    }
    let isNeighborly =
      type == Datagram.routerAdvertisementType || Datagram.NeighborMessage(rawValue: type) != nil
    guard
      let mark = source.family == .ipv6 && isNeighborly
        ? ProbeMark(in: body) : ProbeMark(at: body.dropFirst(8))
    else { return nil }
    let delivery = Observation.Delivery(
      station: station, source: source, sourcePort: nil, port: nil)
    self =
      type == source.family.echoReplyType
      ? .replied(mark, delivery) : .delivered(mark, delivery)
  }

  private static func delivery(
    _ body: ArraySlice<UInt8>, _ source: IPAddress, _ station: Station
  ) -> Observation.Delivery {
    Observation.Delivery(
      station: station, source: source, sourcePort: body.big16(0), port: body.big16(2))
  }
}
