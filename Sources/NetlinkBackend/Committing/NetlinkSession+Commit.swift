import CNftnl
package import KernelForm

extension NetlinkSession {
  /// Carries out `plan`: all of it or nothing. An empty plan sends nothing.
  ///
  /// - Parameters:
  ///   - generation: the state of the rules that the plan is for; `nil` for any.
  ///   - sending: is called just before the elements are sent, and may ask for them.
  /// - Throws: ``NetlinkError/isStale`` where the rules are in another state; an error with the
  ///   object and its line where the kernel refuses one.
  package mutating func commit(
    _ plan: Plan, generation: UInt32?, sending: (() -> SentElements) -> Void = { _ in }
  ) throws(NetlinkError) {
    guard !plan.isEmpty else { return }
    let batch = try Batch(
      committing: plan, firstSequence: socket.takeSequences(), generation: generation)
    sending { SentElements(of: plan, in: batch) }
    try send(batch, .commit) { Refusal(plan: plan, step: .commit).error($0, in: $1) }
  }

  /// Sends a whole batch and makes sure that the kernel took it: it answers the last message of a
  /// batch that it took, and every message that it did not take.
  ///
  /// - Parameter refusal: what an answer comes to that says no.
  mutating func send(
    _ batch: borrowing Batch, _ step: NetlinkError.Step,
    refusal: (KernelReply, borrowing Batch) -> NetlinkError
  ) throws(NetlinkError) {
    let replies = try replies(to: batch, step)
    if let first = replies.first(where: { $0.errno != 0 }) { throw refusal(first, batch) }
    guard !replies.isEmpty else {
      throw NetlinkError(step, errno: ENOBUFS, message: "the kernel did not answer")
    }
  }

  /// What the kernel says to the messages of a batch, in their order.
  mutating func replies(
    to batch: borrowing Batch, _ step: NetlinkError.Step
  ) throws(NetlinkError) -> [KernelReply] {
    let count = batch.subjects.count
    _ = socket.takeSequences(count)
    socket.makeRoom(bytes: batch.bytes.count, messages: count)
    try socket.send(batch.bytes, step)
    var replies: [KernelReply] = []
    var lost: NetlinkError?
    var isMore = true
    // All answers are there when the kernel returns from the call that sent the batch; that to its last
    // message is the last of them.
    while isMore, replies.last?.errno != 0 {
      do throws(NetlinkError) {
        isMore = try socket.receive(step, waits: false) { message, bytes throws(NetlinkError) in
          guard message.type == UInt16(NLMSG_ERROR) else { return }
          let reply = try KernelReply(message, in: bytes)
          if reply.sequence &- batch.firstSequence < UInt32(count) { replies.append(reply) }
        }
      } catch {
        // Told once, before the answers that there was room for.
        guard error.errno == ENOBUFS, lost == nil else { throw error }
        lost = error
      }
    }
    // What was lost may have been a no.
    if let lost, !replies.contains(where: { $0.errno != 0 }) { throw lost }
    return replies.sorted { $0.sequence < $1.sequence }
  }
}

/// The messages that committing `plan` sends, as one datagram.
///
/// - Parameter generation: the state of the rules that the plan is for; `nil` for any.
/// - Throws: an error with the object that cannot be said to the kernel.
package func messages(
  committing plan: Plan, generation: UInt32?
) throws(NetlinkError) -> [UInt8] {
  try Batch(committing: plan, firstSequence: 1, generation: generation).bytes
}

extension Batch {
  /// The transaction that carries out a plan.
  fileprivate init(
    committing plan: Plan, firstSequence: UInt32, generation: UInt32?
  ) throws(NetlinkError) {
    self.init(firstSequence: firstSequence, generation: generation)
    try append(plan)
    end()
  }
}
