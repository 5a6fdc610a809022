import NetworkTypes

/// An IP packet that is written byte by byte, so that its sender can claim what it likes.
struct Datagram {
  let source: IPAddress
  let destination: IPAddress

  /// TCP flag bits (RFC 9293, 3.1).
  enum TCPFlags {
    static let syn: UInt8 = 0x02
    static let synAck: UInt8 = 0x12
  }

  /// A UDP packet (RFC 768).
  func udp(from sourcePort: UInt16, to port: UInt16, _ payload: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(big: sourcePort)
    bytes.append(big: port)
    bytes.append(big: UInt16(8 + payload.count))
    bytes.append(big: UInt16(0))
    return packet(.udp, bytes + payload, checksumAt: 6)
  }

  /// A TCP segment without options (RFC 9293).
  func tcp(from sourcePort: UInt16, to port: UInt16, flags: UInt8, _ payload: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(big: sourcePort)
    bytes.append(big: port)
    bytes.append(big: UInt32(0x1000_0000))
    bytes.append(big: UInt32(flags == TCPFlags.syn ? 0 : 0x2000_0000))
    bytes += [5 << 4, flags, 0xFF, 0xFF, 0, 0, 0, 0]
    return packet(.tcp, bytes + payload, checksumAt: 16)
  }

  /// An echo request or reply (RFC 792, RFC 4443).
  func echo(isReply: Bool, identifier: UInt16, _ payload: [UInt8]) -> [UInt8] {
    packet(
      source.family.echoProtocol, echoMessage(isReply: isReply, identifier: identifier, payload),
      checksumAt: 2)
  }

  /// The ICMP message alone; its checksum is right for IPv4, and the kernel's duty for IPv6.
  func echoMessage(isReply: Bool, identifier: UInt16, _ payload: [UInt8]) -> [UInt8] {
    let type = isReply ? source.family.echoReplyType : source.family.echoRequestType
    var bytes: [UInt8] = [type, 0, 0, 0]
    bytes.append(big: identifier)
    bytes.append(big: UInt16(1))
    bytes += payload
    guard source.family == .ipv4 else { return bytes }
    let sum = Self.checksum(bytes)
    bytes[2] = UInt8(sum >> 8)
    bytes[3] = UInt8(sum & 0xFF)
    return bytes
  }

  /// What neighbors say (RFC 4861, 4.3 and 4.4).
  enum NeighborMessage: UInt8 {
    case solicitation = 135
    case advertisement = 136

    /// The bits after the checksum: an advertisement overrides what was known.
    fileprivate var flags: UInt8 { self == .advertisement ? 0x20 : 0 }
    /// The option with the sender's or the target's hardware address.
    fileprivate var option: UInt8 { self == .advertisement ? 2 : 1 }
  }

  /// A neighbor message about `target`, by or for somebody at `hardware`.
  func neighborMessage(
    _ message: NeighborMessage, of target: IPAddress, at hardware: [UInt8], _ payload: [UInt8]
  ) -> [UInt8] {
    var bytes: [UInt8] = [message.rawValue, 0, 0, 0, message.flags, 0, 0, 0]
    bytes += target.bytes
    bytes += [message.option, 1] + hardware
    bytes += markOption(payload)
    return packet(.icmpv6, bytes, checksumAt: 2, hopLimit: 255)
  }

  /// The type of a router's advertisement (RFC 4861, 4.2).
  static let routerAdvertisementType: UInt8 = 134

  /// An advertisement by a router at `hardware` with a lifetime of zero: nobody takes it for a way.
  func routerAdvertisement(at hardware: [UInt8], _ payload: [UInt8]) -> [UInt8] {
    var bytes = [Self.routerAdvertisementType] + [UInt8](repeating: 0, count: 15)
    bytes += [1, 1] + hardware
    bytes += markOption(payload)
    return packet(.icmpv6, bytes, checksumAt: 2, hopLimit: 255)
  }

  /// An option of an experimental type (RFC 4727) that holds the mark.
  private func markOption(_ payload: [UInt8]) -> [UInt8] {
    [253, 2] + payload + [UInt8](repeating: 0, count: 14 - payload.count)
  }

  private func packet(
    _ transport: TransportProtocol, _ body: [UInt8], checksumAt offset: Int, hopLimit: UInt8 = 64
  ) -> [UInt8] {
    var body = body
    body[offset] = 0
    body[offset + 1] = 0
    let sum = Self.checksum((transport == .icmp ? [] : pseudoHeader(transport, body.count)) + body)
    body[offset] = UInt8(sum >> 8)
    body[offset + 1] = UInt8(sum & 0xFF)
    return header(transport, body.count, hopLimit) + body
  }

  private func header(_ transport: TransportProtocol, _ length: Int, _ hops: UInt8) -> [UInt8] {
    switch source.family {
    case .ipv4:
      var bytes: [UInt8] = [0x45, 0]
      bytes.append(big: UInt16(20 + length))
      bytes += [0, 1, 0x40, 0, hops, transport.number, 0, 0] + source.bytes + destination.bytes
      let sum = Self.checksum(bytes)
      bytes[10] = UInt8(sum >> 8)
      bytes[11] = UInt8(sum & 0xFF)
      return bytes
    case .ipv6:
      var bytes: [UInt8] = [0x60, 0, 0, 0]
      bytes.append(big: UInt16(length))
      return bytes + [transport.number, hops] + source.bytes + destination.bytes
    }
  }

  private func pseudoHeader(_ transport: TransportProtocol, _ length: Int) -> [UInt8] {
    var bytes = source.bytes + destination.bytes
    bytes.append(big: UInt32(transport.number))
    bytes.append(big: UInt32(length))
    return bytes
  }

  /// The internet checksum (RFC 1071) of whole words, a last odd byte padded.
  static func checksum(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: bytes.count, by: 2) {
      sum += UInt32(bytes[index]) << 8
      if index + 1 < bytes.count { sum += UInt32(bytes[index + 1]) }
    }
    while sum > 0xFFFF { sum = (sum & 0xFFFF) + sum >> 16 }
    return ~UInt16(sum)
  }

  /// Whether the checksum of a UDP packet with its IPv4 header is right, or left out.
  static func hasValidUDPChecksum(_ packet: ArraySlice<UInt8>) -> Bool {
    let headerLength = Int(packet[packet.startIndex] & 0x0F) * 4
    let body = packet.dropFirst(headerLength)
    guard body.count >= 8 else { return false }
    let segment = Array(body.prefix(Int(body.big16(4))))
    guard body.big16(6) != 0 else { return true }
    var pseudo = Array(packet.dropFirst(12).prefix(8))
    pseudo.append(big: UInt32(17))
    pseudo.append(big: UInt32(segment.count))
    return checksum(pseudo + segment) == 0
  }
}

extension AddressFamily {
  var echoProtocol: TransportProtocol { self == .ipv4 ? .icmp : .icmpv6 }
  var echoRequestType: UInt8 { self == .ipv4 ? 8 : 128 }
  var echoReplyType: UInt8 { self == .ipv4 ? 0 : 129 }
  /// The type of an ICMP or ICMPv6 "destination unreachable".
  var unreachableType: UInt8 { self == .ipv4 ? 3 : 1 }
}
