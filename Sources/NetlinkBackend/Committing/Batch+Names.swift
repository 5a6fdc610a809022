import CNftnl

extension Batch {
  /// What a refused message is about, as nft calls it; `nil` for the batch as a whole.
  func object(of reply: KernelReply) -> String? {
    guard let subject = subject(of: reply) else { return nil }
    let bytes = self.bytes.span.extracting(subject.start..<self.bytes.count)
    var walk = MessageWalk()
    guard let message = try? walk.next(in: bytes),
      message.subsystem == UInt16(NFNL_SUBSYS_NFTABLES),
      let body = try? Nest(message.attributes, in: bytes)
    else { return nil }
    switch nf_tables_msg_types(UInt32(message.type & 0xFF)) {
    case NFT_MSG_NEWTABLE, NFT_MSG_DELTABLE:
      return body.string(NFTA_TABLE_NAME, in: bytes).map { "table \($0)" }
    case NFT_MSG_NEWCHAIN: return body.string(NFTA_CHAIN_NAME, in: bytes).map { "chain \($0)" }
    case NFT_MSG_NEWRULE:
      return body.string(NFTA_RULE_CHAIN, in: bytes).map { "rule in chain \($0)" }
    case NFT_MSG_NEWSET: return body.string(NFTA_SET_NAME, in: bytes).map { "set \($0)" }
    case NFT_MSG_NEWSETELEM:
      return body.string(NFTA_SET_ELEM_LIST_SET, in: bytes).map { "element of set \($0)" }
    default: return nil
    }
  }
}
