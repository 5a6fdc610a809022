import CNftnl

/// What the kernel answers to one message: it was taken, or why not.
package struct KernelReply: Hashable, Sendable {
  /// Of the message that is answered.
  package let sequence: UInt32
  /// 0 where the message was taken.
  package let errno: Int32
  /// Where in the message that was answered the fault is (NLMSGERR_ATTR_OFFS), in bytes.
  package private(set) var offset: Int?
  /// The kernel's own words.
  package private(set) var text: String?

  /// Reads a message of type NLMSG_ERROR.
  package init(_ message: Message, in bytes: Span<UInt8>) throws(NetlinkError) {
    let payload = message.payload
    guard payload.count >= 4 else { throw .malformed("an answer without a number") }
    let code = Int32(bitPattern: bytes.host32(at: payload.lowerBound))
    guard code <= 0, code > Int32.min else { throw .malformed("the error number \(code)") }
    errno = -code
    guard payload.count >= 4 + Message.headerLength else {
      sequence = message.sequence
      return
    }
    let inner = payload.lowerBound + 4
    sequence = bytes.host32(at: inner + 8)
    guard message.flags & UInt16(NLM_F_ACK_TLVS) != 0 else { return }
    let isCapped = message.flags & UInt16(NLM_F_CAPPED) != 0
    let length = isCapped ? Message.headerLength : Int(bytes.host32(at: inner)).alignedToFour
    guard length >= Message.headerLength, length <= payload.upperBound - inner else {
      throw .malformed("an answer that is cut short")
    }
    try readDetails(Nest(inner + length..<payload.upperBound, in: bytes), in: bytes)
  }

  private mutating func readDetails(
    _ details: Nest, in bytes: Span<UInt8>
  ) throws(NetlinkError) {
    text = details.string(NLMSGERR_ATTR_MSG, in: bytes)
    // The one number of an answer that is in the order of this machine.
    offset = try details.uint32(NLMSGERR_ATTR_OFFS, in: bytes).map { Int(UInt32(bigEndian: $0)) }
  }
}
