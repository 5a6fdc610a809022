import CNftnl
import KernelForm
import Netfilter

extension Batch {
  /// The kernel takes no more (NFT_RULE_MAXEXPRS of net/netfilter/nf_tables.h).
  private static var expressionLimit: Int { 128 }

  mutating func addRule(
    _ path: TablePath, chain: String, _ rule: KernelRule, _ place: RulePlace, operation: Int
  ) throws(NetlinkError) {
    guard rule.expressions.count <= Self.expressionLimit else {
      throw NetlinkError(.commit, errno: E2BIG)
    }
    guard let object = unsafe nftnl_rule_alloc() else { throw .noMemory(.commit) }
    defer { unsafe nftnl_rule_free(object) }
    unsafe nftnl_rule_set_str(object, UInt16(NFTNL_RULE_TABLE.rawValue), path.name)
    unsafe nftnl_rule_set_str(object, UInt16(NFTNL_RULE_CHAIN.rawValue), chain)
    if let comment = rule.comment {
      let userdata = Userdata.make(comment: comment)
      unsafe nftnl_rule_set_data(
        object, UInt16(NFTNL_RULE_USERDATA.rawValue), userdata, UInt32(userdata.count))
    }
    for expression in rule.expressions {
      let part = try ExpressionObject.make(expression, in: self, of: path)
      unsafe nftnl_rule_add_expr(object, part.release())
    }
    var flags = NLM_F_CREATE
    switch place {
    case .last: flags |= NLM_F_APPEND
    case .before(let handle):
      unsafe nftnl_rule_set_u64(object, UInt16(NFTNL_RULE_POSITION.rawValue), handle)
    }
    unsafe append(NFT_MSG_NEWRULE, path.family, flags: flags, operation: operation) { header in
      unsafe nftnl_rule_nlmsg_build_payload(header, object)
    }
  }

  mutating func deleteRule(
    _ path: TablePath, chain: String, handle: UInt64, operation: Int
  ) throws(NetlinkError) {
    guard let object = unsafe nftnl_rule_alloc() else { throw .noMemory(.commit) }
    defer { unsafe nftnl_rule_free(object) }
    unsafe nftnl_rule_set_str(object, UInt16(NFTNL_RULE_TABLE.rawValue), path.name)
    unsafe nftnl_rule_set_str(object, UInt16(NFTNL_RULE_CHAIN.rawValue), chain)
    unsafe nftnl_rule_set_u64(object, UInt16(NFTNL_RULE_HANDLE.rawValue), handle)
    unsafe append(NFT_MSG_DELRULE, path.family, flags: 0, operation: operation) { header in
      unsafe nftnl_rule_nlmsg_build_payload(header, object)
    }
  }
}
