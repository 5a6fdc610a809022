import CNftnl

/// A socket to the kernel's netfilter subsystem; closed when it is let go of.
@safe struct NetlinkSocket: ~Copyable {
  private let handle: OpaquePointer
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private(set) var sequence: UInt32 = 0
  /// The room that there is at least, in bytes, for what goes and for what comes.
  private var room: (outgoing: Int, answers: Int) = (0, 0)

  init() throws(NetlinkError) {
    var code: Int32 = 0
    guard let socket = unsafe netlink_open(&code) else { throw NetlinkError(.open, errno: code) }
    unsafe handle = socket
  }

  deinit { unsafe mnl_socket_close(handle) }

  /// The first of `count` sequence numbers that no other message has.
  mutating func takeSequences(_ count: Int = 1) -> UInt32 {
    // 0 is what the kernel itself uses.
    if UInt64(sequence) + UInt64(count) >= UInt64(UInt32.max) { sequence = 0 }
    let first = sequence + 1
    sequence += UInt32(count)
    return first
  }

  /// Makes room for a message of `bytes` and the answers to `messages` of them.
  mutating func makeRoom(bytes: Int, messages: Int) {
    // An answer of an error takes about a kilobyte of the kernel's account.
    let answers = min(max(1 << 20, messages * 1024), 1 << 28)
    // The kernel doubles what it is told, and its own bookkeeping counts too.
    let outgoing = min(max(1 << 18, bytes + bytes / 4), Int(Int32.max) / 2)
    if outgoing <= room.outgoing, answers <= room.answers { return }
    room = (max(outgoing, room.outgoing), max(answers, room.answers))
    unsafe netlink_make_room(handle, Int32(room.outgoing), Int32(room.answers))
  }

  /// Sends `bytes` as one datagram.
  func send(_ bytes: [UInt8], _ step: NetlinkError.Step) throws(NetlinkError) {
    let sent = unsafe bytes.withUnsafeBytes { buffer in
      unsafe netlink_send(handle, buffer.baseAddress, buffer.count)
    }
    if sent < 0 { throw NetlinkError(step, errno: Int32(-sent)) }
    guard sent == bytes.count else { throw NetlinkError(step, errno: EMSGSIZE) }
  }

  /// Hands the messages of one datagram to `body`; false where there is none and `waits` is false.
  mutating func receive(
    _ step: NetlinkError.Step, waits: Bool,
    _ body: (Message, Span<UInt8>) throws(NetlinkError) -> Void
  ) throws(NetlinkError) -> Bool {
    let count = unsafe buffer.withUnsafeMutableBytes { room in
      unsafe netlink_receive(handle, room.baseAddress, room.count, waits ? 1 : 0)
    }
    if count == -Int(EAGAIN), !waits { return false }
    if count == -Int(EAGAIN) { throw NetlinkError(step, errno: ETIMEDOUT) }
    if count < 0 { throw NetlinkError(step, errno: Int32(-count)) }
    let bytes = buffer.span.extracting(first: count)
    var walk = MessageWalk()
    while let message = try walk.next(in: bytes) { try body(message, bytes) }
    return true
  }

  /// Sends one request and hands each message of the answer to `body`, to the answer's end.
  ///
  /// - Requires: the request has `sequence` for its number, and asks for a dump or for an
  ///   acknowledgment.
  /// - Throws: the kernel's error, or what `body` throws; the answer is read to its end even then.
  /// - Returns: whether the answer is of one state (no NLM_F_DUMP_INTR).
  mutating func ask(
    _ request: [UInt8], sequence: UInt32, _ step: NetlinkError.Step,
    _ body: (Message, Span<UInt8>) throws(NetlinkError) -> Void
  ) throws(NetlinkError) -> Bool {
    try send(request, step)
    var isWhole = true
    var isDone = false
    var failure: NetlinkError?
    while !isDone {
      _ = try receive(step, waits: true) { message, bytes throws(NetlinkError) in
        guard message.sequence == sequence, !isDone else { return }
        if message.flags & UInt16(NLM_F_DUMP_INTR) != 0 { isWhole = false }
        do throws(NetlinkError) {
          isDone = try Self.read(message, bytes, step, body)
        } catch {
          failure = failure ?? error
          isDone = Self.ends(message)
        }
      }
    }
    if let failure { throw failure }
    return isWhole
  }

  /// Whether the message was the answer's last.
  private static func read(
    _ message: Message, _ bytes: Span<UInt8>, _ step: NetlinkError.Step,
    _ body: (Message, Span<UInt8>) throws(NetlinkError) -> Void
  ) throws(NetlinkError) -> Bool {
    guard ends(message) else {
      if message.type != UInt16(NLMSG_NOOP) { try body(message, bytes) }
      return false
    }
    // The end of a dump may bear an error number, in the place where an answer has it.
    guard message.type == UInt16(NLMSG_ERROR) || message.payload.count >= 4 else { return true }
    let reply = try KernelReply(message, in: bytes)
    if reply.errno != 0 { throw NetlinkError(step, errno: reply.errno, message: reply.text) }
    return true
  }

  private static func ends(_ message: Message) -> Bool {
    message.type == UInt16(NLMSG_DONE) || message.type == UInt16(NLMSG_ERROR)
  }
}
