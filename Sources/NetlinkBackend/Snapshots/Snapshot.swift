import CNftnl

/// The state of our tables as bytes: the messages that the kernel tells it in.
///
/// A mark with the version of the form, a checksum of all that follows, the tables' name after its
/// length in one byte, and the messages, each padded to four bytes.
struct Snapshot {
  let name: String
  let bytes: [UInt8]
  /// Where in the bytes the messages begin.
  let start: Int
  /// In the order in which the kernel told them.
  private(set) var messages: [Message] = []

  private static let mark: [UInt8] = Array("bwstate\u{1}".utf8)
  private static let checksumLength = 8

  /// - Parameter messages: padded to four bytes.
  static func make(name: String, messages: [UInt8]) -> [UInt8] {
    let text = Array(name.utf8.prefix(Int(UInt8.max)))
    let body = [UInt8(text.count)] + text + messages
    return mark + checksum(body[...]) + body
  }

  /// Reads what ``make(name:messages:)`` wrote.
  ///
  /// - Throws: an error where the bytes are anything else, or damaged.
  init(_ bytes: [UInt8]) throws(NetlinkError) {
    let head = Self.mark.count + Self.checksumLength
    guard bytes.starts(with: Self.mark), bytes.count > head else {
      throw .damaged("it is no state of bridgeward's, or of another version")
    }
    guard Array(bytes[Self.mark.count..<head]) == Self.checksum(bytes[head...]) else {
      throw .damaged("its checksum is wrong")
    }
    let nameEnd = head + 1 + Int(bytes[head])
    guard nameEnd <= bytes.count else { throw .damaged("it is cut short") }
    name = String(decoding: bytes[(head + 1)..<nameEnd], as: UTF8.self)
    self.bytes = bytes
    start = nameEnd
    var walk = MessageWalk(from: nameEnd)
    while let message = try walk.next(in: bytes.span) { messages.append(message) }
  }

  /// FNV-1a of 64 bits, most significant byte first.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return (0..<checksumLength).map { UInt8(truncatingIfNeeded: hash >> (56 - 8 * UInt64($0))) }
  }
}

extension NetlinkError {
  fileprivate static func damaged(_ what: String) -> Self {
    Self(.restore, errno: EBADMSG, object: "saved state", message: what)
  }
}
