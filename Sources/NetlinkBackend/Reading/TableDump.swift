import CNftnl
import KernelForm
import Netfilter

/// Asks the kernel for everything in our tables, in the order in which it can be built again:
/// tables, chains, sets, elements, rules.
struct TableDump {
  private let name: String
  private let generation: UInt32
  private let includesDynamicElements: Bool
  /// Whether all messages so far are of the one state.
  private(set) var isOfOneState = true
  /// The sets of the table that is being read, whose elements are to be asked for.
  private var sets: [String] = []

  /// - Parameters:
  ///   - generation: the number of the state that all messages must be of.
  ///   - includesDynamicElements: whether to ask for the elements of sets that rules fill.
  init(_ name: String, generation: UInt32, includesDynamicElements: Bool) {
    self.name = name
    self.generation = generation
    self.includesDynamicElements = includesDynamicElements
  }

  /// Hands every message to `body`.
  ///
  /// - Parameter known: sets whose elements need not be asked for.
  mutating func run(
    _ socket: inout NetlinkSocket, leavingOut known: Set<SetPath> = [],
    _ body: (Message, Span<UInt8>) throws(NetlinkError) -> Void
  ) throws(NetlinkError) {
    for family in TableFamily.allCases {
      sets = []
      guard try askTable(family, &socket, body) else { continue }
      try ask(NFT_MSG_GETCHAIN, family, &socket, body)
      for kind in [NFT_MSG_GETSET, NFT_MSG_GETOBJ, NFT_MSG_GETFLOWTABLE] {
        try ask(kind, family, &socket, body)
      }
      for set in sets where !known.contains(SetPath(TablePath(family, name), set)) {
        try ask(NFT_MSG_GETSETELEM, family, set: set, &socket, body)
      }
      try ask(NFT_MSG_GETRULE, family, &socket, body)
    }
  }

  /// Whether there is such a table.
  private mutating func askTable(
    _ family: TableFamily, _ socket: inout NetlinkSocket,
    _ body: (Message, Span<UInt8>) throws(NetlinkError) -> Void
  ) throws(NetlinkError) -> Bool {
    do throws(NetlinkError) {
      try ask(NFT_MSG_GETTABLE, family, flags: NLM_F_ACK, &socket, body)
      return true
    } catch {
      // EAFNOSUPPORT: a kernel without tables of that family.
      guard error.errno == ENOENT || error.errno == EAFNOSUPPORT else { throw error }
      return false
    }
  }

  /// The name of the table is the first attribute of every kind of object; where the kernel does
  /// not narrow a dump down to it, the reader does.
  private mutating func ask(
    _ kind: nf_tables_msg_types, _ family: TableFamily, set: String? = nil,
    flags: Int32 = NLM_F_ROOT | NLM_F_MATCH, _ socket: inout NetlinkSocket,
    _ body: (Message, Span<UInt8>) throws(NetlinkError) -> Void
  ) throws(NetlinkError) {
    let sequence = socket.takeSequences()
    var writer = MessageWriter()
    writer.begin(
      type: kind.netlinkType, flags: NLM_F_REQUEST | flags, sequence: sequence,
      family: family.number)
    if kind != NFT_MSG_GETCHAIN { writer.put(NFTA_TABLE_NAME, name) }
    if let set { writer.put(NFTA_SET_ELEM_LIST_SET, set) }
    let state = UInt16(truncatingIfNeeded: generation)
    var isOfOneState = true
    var found: [String] = []
    let isWhole = try socket.ask(writer.bytes, sequence: sequence, .read) {
      message, bytes throws(NetlinkError) in
      guard message.hasFamily else { throw .malformed("a message without a family") }
      if message.resource(in: bytes) != state { isOfOneState = false }
      let object = try Nest(message.attributes, in: bytes)
      guard object.string(NFTA_TABLE_NAME, in: bytes) == name else { return }
      if kind == NFT_MSG_GETSET, let set = try setToAsk(object, bytes) { found.append(set) }
      try body(message, bytes)
    }
    sets += found
    if !isWhole || !isOfOneState { self.isOfOneState = false }
  }

  private func setToAsk(_ set: Nest, _ bytes: Span<UInt8>) throws(NetlinkError) -> String? {
    let flags = try set.uint32(NFTA_SET_FLAGS, in: bytes) ?? 0
    guard includesDynamicElements || flags & NFT_SET_EVAL.rawValue == 0 else { return nil }
    return set.string(NFTA_SET_NAME, in: bytes)
  }
}
