import CNftnl
import KernelForm
import Netfilter

/// The messages of one transaction: the kernel takes all of them or none.
@safe struct Batch: ~Copyable {
  /// What a message is about.
  struct Subject: Hashable, Sendable {
    /// Where in the batch the message starts.
    let start: Int
    /// The operation of the plan; `nil` for the batch's own messages.
    let operation: Int?
    /// The elements of the operation's set that are in the message.
    var elements: Range<Int>?
  }

  private(set) var bytes: [UInt8] = []
  /// One for each message, in the order of sequence numbers.
  private(set) var subjects: [Subject] = []
  let firstSequence: UInt32
  /// How the sets that the batch adds are referred to in it.
  private var references: [SetPath: SetReference] = [:]
  /// Where libnftnl builds a message, which it does without asking for the room; `nil` until it does.
  private var workspace: UnsafeMutableRawBufferPointer?

  /// A set by its table and name.
  private struct SetPath: Hashable {
    let table: TablePath
    let name: String
  }

  /// No message of libnftnl is longer: a rule has at most 128 expressions of a few hundred bytes.
  private static var workspaceSize: Int { 1 << 18 }

  /// Begins a transaction.
  ///
  /// - Parameter generation: the state that the rules must be in; `nil` for any.
  init(firstSequence: UInt32, generation: UInt32?) {
    self.firstSequence = firstSequence
    // What changes one element has no more.
    bytes.reserveCapacity(256)
    subjects.reserveCapacity(3)
    // 0 would mean any.
    appendOwn(NLMSG_MIN_TYPE, generation: generation == 0 ? nil : generation)
  }

  deinit { unsafe workspace?.deallocate() }

  /// Ends the transaction; without this the kernel checks everything and then does nothing.
  mutating func end() {
    requestAnswer()
    appendOwn(NLMSG_MIN_TYPE + 1)
  }

  /// Has the kernel say that it took the last message. Kernels before 6.10 say nothing to the end of
  /// a batch itself.
  private mutating func requestAnswer() {
    guard subjects.count > 1, let last = subjects.last else { return }
    bytes[last.start + Message.flagsOffset] |= UInt8(NLM_F_ACK)
  }

  private var nextSequence: UInt32 { firstSequence &+ UInt32(subjects.count) }

  private mutating func appendOwn(_ type: Int32, generation: UInt32? = nil) {
    let sequence = nextSequence
    let length = Message.headsLength + (generation == nil ? 0 : Attribute.headerLength + 4)
    subjects.append(Subject(start: bytes.count, operation: nil))
    bytes.append(atMost: length) { output in
      output.append(
        type: UInt16(type), length: length, flags: NLM_F_REQUEST, sequence: sequence,
        resource: UInt16(NFNL_SUBSYS_NFTABLES))
      if let generation { output.append(NFNL_BATCH_GENID, big32: generation) }
    }
  }

  /// Appends a message that `build` fills through libnftnl.
  mutating func append(
    _ kind: nf_tables_msg_types, _ family: TableFamily, flags: Int32, operation: Int,
    _ build: (UnsafeMutablePointer<nlmsghdr>) -> Void
  ) {
    let workspace = unsafe preparedWorkspace()
    let header = unsafe nftnl_nlmsg_build_hdr(
      workspace.baseAddress?.assumingMemoryBound(to: CChar.self), UInt16(kind.rawValue),
      UInt16(family.number), UInt16(truncatingIfNeeded: flags), nextSequence)
    guard let header = unsafe header else { preconditionFailure("the workspace is there") }
    unsafe build(header)
    let length = unsafe Int(header.pointee.nlmsg_len)
    precondition(length <= Self.workspaceSize, "objects are measured before they are built")
    subjects.append(Subject(start: bytes.count, operation: operation))
    unsafe bytes.append(contentsOf: workspace[..<length.alignedToFour])
  }

  private mutating func preparedWorkspace() -> UnsafeMutableRawBufferPointer {
    if let workspace = unsafe workspace { return unsafe workspace }
    let room = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.workspaceSize, alignment: 16)
    unsafe workspace = room
    return unsafe room
  }

  /// Takes memory for many elements at once, and for the heads of their messages: growing by and by
  /// would copy them again and again.
  mutating func makeRoom(_ length: Int) {
    if length > 1 << 16 { bytes.reserveCapacity(bytes.count + length + length / 64) }
  }

  /// Appends a message with elements that `write` writes.
  mutating func appendElements(
    _ range: Range<Int>, operation: Int, length: Int,
    _ write: (UInt32, inout OutputSpan<UInt8>) -> Void
  ) {
    let sequence = nextSequence
    subjects.append(Subject(start: bytes.count, operation: operation, elements: range))
    bytes.append(atMost: length) { output in write(sequence, &output) }
  }

  /// Appends a message that `build` writes; it is of no operation.
  mutating func appendCopy(
    _ kind: nf_tables_msg_types, _ family: TableFamily, flags: Int32,
    _ build: (inout MessageWriter) -> Void
  ) {
    var writer = MessageWriter()
    writer.begin(
      type: kind.netlinkType, flags: NLM_F_REQUEST | flags, sequence: nextSequence,
      family: family.number)
    build(&writer)
    subjects.append(Subject(start: bytes.count, operation: nil))
    bytes += writer.bytes
  }

  /// The message that `reply` answers.
  func subject(of reply: KernelReply) -> Subject? {
    let index = Int(reply.sequence &- firstSequence)
    return index < subjects.count ? subjects[index] : nil
  }

  /// Numbers a set that the batch adds.
  mutating func introduce(_ set: KernelSet, of table: TablePath) -> SetReference {
    let reference = SetReference(set, number: UInt32(references.count) + 1)
    references[SetPath(table: table, name: set.name)] = reference
    return reference
  }

  /// How to refer to a set.
  func reference(to set: String, of table: TablePath) -> SetReference {
    references[SetPath(table: table, name: set)] ?? SetReference(name: set)
  }
}

/// How a message refers to a set.
struct SetReference: Hashable, Sendable {
  let name: String
  /// NFTA_SET_ID: needed for sets that the same batch adds and whose name the kernel makes up.
  let number: UInt32?

  /// A set that stands in the kernel.
  init(name: String) {
    self.name = name
    number = nil
  }

  /// A set that the batch adds; the kernel itself numbers those that a rule has for itself.
  init(_ set: KernelSet, number: UInt32) {
    let isMap = set.flags.contains(.map)
    name = set.flags.contains(.anonymous) ? (isMap ? "__map%d" : "__set%d") : set.name
    self.number = number
  }
}
