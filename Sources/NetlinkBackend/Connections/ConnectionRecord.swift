import CNftnl
package import NetworkTypes

/// A connection as conntrack tells it.
package struct ConnectionRecord: Hashable, Sendable {
  let connection: Connection
  /// Whether source or destination is rewritten.
  package let isTranslated: Bool

  /// `IPS_NAT_MASK` of linux/netfilter/nf_conntrack_common.h.
  private static let translations: UInt32 = 0x30

  /// `nil` for what has no ports, and is none of a published port's.
  ///
  /// - Throws: where the message is not one of conntrack's.
  package init?(
    _ message: Message, _ family: AddressFamily, in bytes: Span<UInt8>
  ) throws(NetlinkError) {
    let body = try Nest(message.attributes, in: bytes)
    guard let original = try body.nest(CTA_TUPLE_ORIG, in: bytes),
      let reply = try body.nest(CTA_TUPLE_REPLY, in: bytes),
      let transport = try original.nest(CTA_TUPLE_PROTO, in: bytes),
      let number = try transport.uint8(CTA_PROTO_NUM, in: bytes)
    else { throw .malformed("a connection without its directions") }
    guard let port = try transport.uint16(CTA_PROTO_DST_PORT, in: bytes) else { return nil }
    connection = Connection(
      family: family, transport: TransportProtocol(number: number),
      destination: try Self.address(original, family, in: bytes, isSource: false), port: port,
      responder: try Self.address(reply, family, in: bytes, isSource: true))
    isTranslated = (try body.uint32(CTA_STATUS, in: bytes) ?? 0) & Self.translations != 0
  }

  /// What identifies a connection to the kernel: its first direction, its zone and its number, as
  /// they came.
  ///
  /// - Throws: where its attributes are damaged.
  package static func identity(
    of message: Message, in bytes: Span<UInt8>
  ) throws(NetlinkError) -> [UInt8] {
    let body = try Nest(message.attributes, in: bytes)
    var identity: [UInt8] = []
    for kind in [CTA_TUPLE_ORIG, CTA_ZONE, CTA_ID] {
      guard let attribute = body[kind] else { continue }
      identity += Array(attribute.range, in: bytes)
      while identity.count % 4 != 0 { identity.append(0) }
    }
    return identity
  }

  private static func address(
    _ tuple: Nest, _ family: AddressFamily, in bytes: Span<UInt8>, isSource: Bool
  ) throws(NetlinkError) -> IPAddress {
    let kind =
      switch family {
      case .ipv4: isSource ? CTA_IP_V4_SRC : CTA_IP_V4_DST
      case .ipv6: isSource ? CTA_IP_V6_SRC : CTA_IP_V6_DST
      }
    guard let value = try tuple.nest(CTA_TUPLE_IP, in: bytes)?[kind]?.value,
      value.count == family.width / 8
    else { throw .malformed("a connection without an address") }
    var bits: UInt128 = 0
    for index in value { bits = bits << 8 | UInt128(bytes[index]) }
    return IPAddress(family: family, bits: bits)
  }
}
