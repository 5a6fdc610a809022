import CNftnl
import KernelForm
import Netfilter

// Tables, chains and sets, through libnftnl. It copies what it is given.
extension Batch {
  mutating func addTable(_ table: KernelTable, operation: Int) throws(NetlinkError) {
    guard let object = unsafe nftnl_table_alloc() else { throw .noMemory(.commit) }
    defer { unsafe nftnl_table_free(object) }
    unsafe nftnl_table_set_str(object, UInt16(NFTNL_TABLE_NAME.rawValue), table.name)
    unsafe nftnl_table_set_u32(object, UInt16(NFTNL_TABLE_FLAGS.rawValue), table.flags)
    if let comment = table.comment {
      let userdata = Userdata.make(comment: comment)
      unsafe nftnl_table_set_data(
        object, UInt16(NFTNL_TABLE_USERDATA.rawValue), userdata, UInt32(userdata.count))
    }
    let flags = NLM_F_CREATE
    unsafe append(NFT_MSG_NEWTABLE, table.family, flags: flags, operation: operation) { header in
      unsafe nftnl_table_nlmsg_build_payload(header, object)
    }
  }

  mutating func deleteTable(_ path: TablePath, operation: Int) throws(NetlinkError) {
    guard let object = unsafe nftnl_table_alloc() else { throw .noMemory(.commit) }
    defer { unsafe nftnl_table_free(object) }
    unsafe nftnl_table_set_str(object, UInt16(NFTNL_TABLE_NAME.rawValue), path.name)
    unsafe append(NFT_MSG_DELTABLE, path.family, flags: 0, operation: operation) { header in
      unsafe nftnl_table_nlmsg_build_payload(header, object)
    }
  }

  mutating func addChain(
    _ path: TablePath, _ chain: KernelChain, operation: Int
  ) throws(NetlinkError) {
    guard let object = unsafe nftnl_chain_alloc() else { throw .noMemory(.commit) }
    defer { unsafe nftnl_chain_free(object) }
    unsafe nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_TABLE.rawValue), path.name)
    unsafe nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_NAME.rawValue), chain.name)
    switch chain.kind {
    case .regular: break
    case .base(let base):
      let policy = UInt32(chain.policyAccepts ? NF_ACCEPT : NF_DROP)
      unsafe nftnl_chain_set_str(
        object, UInt16(NFTNL_CHAIN_TYPE.rawValue), base.purpose.rawValue)
      unsafe nftnl_chain_set_u32(object, UInt16(NFTNL_CHAIN_HOOKNUM.rawValue), base.hook.number)
      unsafe nftnl_chain_set_s32(object, UInt16(NFTNL_CHAIN_PRIO.rawValue), base.priority)
      unsafe nftnl_chain_set_u32(object, UInt16(NFTNL_CHAIN_POLICY.rawValue), policy)
    }
    let flags = NLM_F_CREATE | NLM_F_EXCL
    unsafe append(NFT_MSG_NEWCHAIN, path.family, flags: flags, operation: operation) { header in
      unsafe nftnl_chain_nlmsg_build_payload(header, object)
    }
  }

  mutating func deleteChain(
    _ path: TablePath, name: String, operation: Int
  ) throws(NetlinkError) {
    guard let object = unsafe nftnl_chain_alloc() else { throw .noMemory(.commit) }
    defer { unsafe nftnl_chain_free(object) }
    unsafe nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_TABLE.rawValue), path.name)
    unsafe nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_NAME.rawValue), name)
    unsafe append(NFT_MSG_DELCHAIN, path.family, flags: 0, operation: operation) { header in
      unsafe nftnl_chain_nlmsg_build_payload(header, object)
    }
  }

  mutating func addSet(
    _ path: TablePath, _ set: KernelSet, operation: Int
  ) throws(NetlinkError) {
    guard let object = unsafe nftnl_set_alloc() else { throw .noMemory(.commit) }
    defer { unsafe nftnl_set_free(object) }
    unsafe nftnl_set_set_str(object, UInt16(NFTNL_SET_TABLE.rawValue), path.name)
    let reference = introduce(set, of: path)
    unsafe nftnl_set_set_str(object, UInt16(NFTNL_SET_NAME.rawValue), reference.name)
    let numbers = [
      (NFTNL_SET_ID, reference.number ?? 0), (NFTNL_SET_FLAGS, set.flags.rawValue),
      (NFTNL_SET_KEY_TYPE, set.keyType), (NFTNL_SET_KEY_LEN, UInt32(set.keyLength)),
    ]
    for (kind, value) in numbers {
      unsafe nftnl_set_set_u32(object, UInt16(kind.rawValue), value)
    }
    if set.flags.contains(.map) {
      unsafe nftnl_set_set_u32(object, UInt16(NFTNL_SET_DATA_TYPE.rawValue), set.dataType)
      unsafe nftnl_set_set_u32(object, UInt16(NFTNL_SET_DATA_LEN.rawValue), UInt32(set.dataLength))
    }
    if set.size > 0 {
      unsafe nftnl_set_set_u32(object, UInt16(NFTNL_SET_DESC_SIZE.rawValue), set.size)
    }
    if set.timeout > 0 {
      unsafe nftnl_set_set_u64(object, UInt16(NFTNL_SET_TIMEOUT.rawValue), set.timeout)
    }
    if !set.userdata.isEmpty {
      unsafe nftnl_set_set_data(
        object, UInt16(NFTNL_SET_USERDATA.rawValue), set.userdata, UInt32(set.userdata.count))
    }
    let flags = NLM_F_CREATE | NLM_F_EXCL
    unsafe append(NFT_MSG_NEWSET, path.family, flags: flags, operation: operation) { header in
      unsafe nftnl_set_nlmsg_build_payload(header, object)
    }
  }

  mutating func deleteSet(_ path: TablePath, name: String, operation: Int) throws(NetlinkError) {
    guard let object = unsafe nftnl_set_alloc() else { throw .noMemory(.commit) }
    defer { unsafe nftnl_set_free(object) }
    unsafe nftnl_set_set_str(object, UInt16(NFTNL_SET_TABLE.rawValue), path.name)
    unsafe nftnl_set_set_str(object, UInt16(NFTNL_SET_NAME.rawValue), name)
    unsafe append(NFT_MSG_DELSET, path.family, flags: 0, operation: operation) { header in
      unsafe nftnl_set_nlmsg_build_payload(header, object)
    }
  }
}
