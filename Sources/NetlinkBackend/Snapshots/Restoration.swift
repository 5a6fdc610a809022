import CNftnl
import KernelForm
import Netfilter

/// Says to the kernel what it once said itself, without what only the kernel says: handles, counts
/// of users, places.
struct Restoration {
  private let snapshot: Snapshot
  /// The messages in the order in which they are said: elements last, as the kernel fills a set
  /// faster that a rule is bound to, but for sets that a rule has for itself.
  private let messages: [Message]

  /// - Throws: where a message is not about our tables, or makes no sense.
  init(_ snapshot: Snapshot) throws(NetlinkError) {
    self.snapshot = snapshot
    var decoder = RulesetDecoder(table: snapshot.name)
    var constant: Set<String> = []
    var early: [Message] = []
    var late: [Message] = []
    for message in snapshot.messages {
      let bytes = snapshot.bytes.span
      try decoder.take(message, in: bytes)
      let body = try Nest(message.attributes, in: bytes)
      guard message.subsystem == UInt16(NFNL_SUBSYS_NFTABLES), message.hasFamily,
        TableFamily(number: message.family(in: bytes)) != nil,
        body.string(NFTA_TABLE_NAME, in: bytes) == snapshot.name
      else { throw .malformed("a message about something else") }
      if message.kind == NFT_MSG_NEWSET {
        let flags = try body.uint32(NFTA_SET_FLAGS, in: bytes) ?? 0
        if flags & NFT_SET_CONSTANT.rawValue != 0 {
          constant.insert(body.string(NFTA_SET_NAME, in: bytes) ?? "")
        }
      }
      let isElements = message.kind == NFT_MSG_NEWSETELEM
      let set = isElements ? body.string(NFTA_SET_ELEM_LIST_SET, in: bytes) : nil
      if let set, !constant.contains(set) { late.append(message) } else { early.append(message) }
    }
    messages = early + late
  }

  /// Appends the removal of the tables, whether or not there are any.
  func appendRemoval(to batch: inout Batch) {
    for family in TableFamily.allCases {
      for kind in [NFT_MSG_NEWTABLE, NFT_MSG_DELTABLE] {
        let flags = kind == NFT_MSG_NEWTABLE ? NLM_F_CREATE : 0
        batch.appendCopy(kind, family, flags: flags) { $0.put(NFTA_TABLE_NAME, snapshot.name) }
      }
    }
  }

  /// Appends the tables, and everything that was in them.
  func append(to batch: inout Batch) throws(NetlinkError) {
    for (index, message) in messages.enumerated() {
      try append(message, setNumber: UInt32(index) + 1, to: &batch)
    }
  }

  private func append(
    _ message: Message, setNumber: UInt32, to batch: inout Batch
  ) throws(NetlinkError) {
    let bytes = snapshot.bytes.span
    guard let family = TableFamily(number: message.family(in: bytes)),
      let kept = message.kind.restorableAttributes
    else { throw .malformed("a message of another kind") }
    let body = try Nest(message.attributes, in: bytes)
    let expressions = try savedExpressions(message, body)
    let isRule = message.kind == NFT_MSG_NEWRULE
    let flags = isRule ? NLM_F_CREATE | NLM_F_APPEND : NLM_F_CREATE
    batch.appendCopy(message.kind, family, flags: flags) { writer in
      for attribute in body.attributes where kept.contains(attribute.type) {
        writer.put(attribute, of: snapshot.bytes.span)
      }
      if message.kind == NFT_MSG_NEWSET { writer.put(NFTA_SET_ID, setNumber) }
      guard isRule else { return }
      writer.put(NFTA_RULE_EXPRESSIONS) { writer in
        for expression in expressions { expression.write(to: &writer, snapshot.bytes.span) }
      }
    }
  }

  private func savedExpressions(
    _ message: Message, _ body: Nest
  ) throws(NetlinkError) -> [SavedExpression] {
    guard message.kind == NFT_MSG_NEWRULE, let list = body[NFTA_RULE_EXPRESSIONS] else { return [] }
    var result: [SavedExpression] = []
    var walk = AttributeWalk(list.value)
    while let item = try walk.next(in: snapshot.bytes.span) {
      result.append(try SavedExpression(item, in: snapshot.bytes.span))
    }
    return result
  }
}

extension Message {
  /// The message within nf_tables.
  fileprivate var kind: nf_tables_msg_types { nf_tables_msg_types(UInt32(type & 0xFF)) }
}

extension nf_tables_msg_types {
  /// What of a dumped message the kernel takes back; `nil` for messages that make nothing.
  fileprivate var restorableAttributes: Set<UInt32>? {
    switch self {
    case NFT_MSG_NEWTABLE: Self.types([NFTA_TABLE_NAME, NFTA_TABLE_USERDATA])
    case NFT_MSG_NEWCHAIN:
      Self.types([
        NFTA_CHAIN_TABLE, NFTA_CHAIN_NAME, NFTA_CHAIN_HOOK, NFTA_CHAIN_POLICY, NFTA_CHAIN_TYPE,
        NFTA_CHAIN_COUNTERS, NFTA_CHAIN_FLAGS, NFTA_CHAIN_USERDATA,
      ])
    // The expressions are written one by one.
    case NFT_MSG_NEWRULE:
      Self.types([NFTA_RULE_TABLE, NFTA_RULE_CHAIN, NFTA_RULE_COMPAT, NFTA_RULE_USERDATA])
    case NFT_MSG_NEWSET:
      Self.types([
        NFTA_SET_TABLE, NFTA_SET_NAME, NFTA_SET_FLAGS, NFTA_SET_KEY_TYPE, NFTA_SET_KEY_LEN,
        NFTA_SET_DATA_TYPE, NFTA_SET_DATA_LEN, NFTA_SET_POLICY, NFTA_SET_DESC, NFTA_SET_TIMEOUT,
        NFTA_SET_GC_INTERVAL, NFTA_SET_USERDATA, NFTA_SET_OBJ_TYPE, NFTA_SET_EXPR,
        NFTA_SET_EXPRESSIONS,
      ])
    case NFT_MSG_NEWSETELEM:
      Self.types([
        NFTA_SET_ELEM_LIST_TABLE, NFTA_SET_ELEM_LIST_SET, NFTA_SET_ELEM_LIST_ELEMENTS,
      ])
    case NFT_MSG_NEWOBJ:
      Self.types([
        NFTA_OBJ_TABLE, NFTA_OBJ_NAME, NFTA_OBJ_TYPE, NFTA_OBJ_DATA, NFTA_OBJ_USERDATA,
      ])
    case NFT_MSG_NEWFLOWTABLE:
      Self.types([
        NFTA_FLOWTABLE_TABLE, NFTA_FLOWTABLE_NAME, NFTA_FLOWTABLE_HOOK, NFTA_FLOWTABLE_FLAGS,
      ])
    default: nil
    }
  }

  private static func types<Kind: RawRepresentable<UInt32>>(_ kinds: [Kind]) -> Set<UInt32> {
    Set(kinds.map(\.rawValue))
  }
}
