import CNftnl

/// One netlink message in a buffer: what its headers say, and where its parts are.
package struct Message: Hashable, Sendable {
  /// Header and all, without padding.
  package let range: Range<Int>
  /// `nlmsg_type`: for nfnetlink the subsystem in the high byte, the message in the low one.
  package let type: UInt16
  package let flags: UInt16
  package let sequence: UInt32

  /// `struct nlmsghdr`, in bytes.
  static let headerLength = 16
  /// Where in it `nlmsg_flags` is; its first byte holds NLM_F_REQUEST to NLM_F_ECHO.
  static let flagsOffset = 6
  /// `struct nfgenmsg`, in bytes.
  static let familyHeaderLength = 4
  /// Both.
  static let headsLength = headerLength + familyHeaderLength

  /// What follows `struct nlmsghdr`.
  var payload: Range<Int> { range.lowerBound + Self.headerLength..<range.upperBound }

  /// What follows `struct nfgenmsg`; empty where there is none.
  var attributes: Range<Int> {
    min(payload.lowerBound + Self.familyHeaderLength, range.upperBound)..<range.upperBound
  }

  /// Whether there is a `struct nfgenmsg`.
  package var hasFamily: Bool { payload.count >= Self.familyHeaderLength }

  /// The `nfgen_family`.
  func family(in bytes: Span<UInt8>) -> UInt8 { bytes[payload.lowerBound] }

  /// The `res_id`: in dumps of nf_tables the low half of the generation.
  func resource(in bytes: Span<UInt8>) -> UInt16 { bytes.bigEndian16(at: payload.lowerBound + 2) }

  /// The number of the subsystem that the message is of.
  var subsystem: UInt16 { type >> 8 }
}

/// Steps from message to message through a buffer.
package struct MessageWalk: Sendable {
  private var position: Int

  package init(from start: Int = 0) { position = start }

  /// The next message; `nil` at the end.
  package mutating func next(in bytes: Span<UInt8>) throws(NetlinkError) -> Message? {
    guard position < bytes.count else { return nil }
    let room = bytes.count - position
    guard room >= Message.headerLength else { throw .malformed("a message without its header") }
    let length = Int(bytes.host32(at: position))
    guard length >= Message.headerLength, length <= room else {
      throw .malformed("a message of \(length) bytes where \(room) are left")
    }
    let message = Message(
      range: position..<position + length, type: bytes.host16(at: position + 4),
      flags: bytes.host16(at: position + 6), sequence: bytes.host32(at: position + 8))
    position += min(length.alignedToFour, room)
    return message
  }
}

extension Int {
  /// The least multiple of four that is not less.
  var alignedToFour: Int { (self + 3) & ~3 }
}
