import CNftnl
import KernelForm
import Netfilter

// What looks keys up, counts, and decides.
extension ExpressionObject {
  static func lookup(
    _ set: SetReference, _ key: Register, _ data: Register?, inverted: Bool
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "lookup")
    object.set(NFTNL_EXPR_LOOKUP_SET, set.name)
    if let number = set.number { object.set(NFTNL_EXPR_LOOKUP_SET_ID, number) }
    object.set(NFTNL_EXPR_LOOKUP_SREG, key)
    object.set(NFTNL_EXPR_LOOKUP_DREG, data)
    if inverted { object.set(NFTNL_EXPR_LOOKUP_FLAGS, NFT_LOOKUP_F_INV.rawValue) }
    return object
  }

  static func dynamicSet(
    _ update: SetUpdate, _ set: SetReference, _ key: Register, _ timeout: UInt64
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "dynset")
    object.set(NFTNL_EXPR_DYNSET_SET_NAME, set.name)
    if let number = set.number { object.set(NFTNL_EXPR_DYNSET_SET_ID, number) }
    object.set(NFTNL_EXPR_DYNSET_OP, update.rawValue)
    object.set(NFTNL_EXPR_DYNSET_SREG_KEY, key)
    if timeout > 0 { object.set(NFTNL_EXPR_DYNSET_TIMEOUT, long: timeout) }
    return object
  }

  static func immediate(
    _ target: Register, _ value: [UInt8]
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "immediate")
    object.set(NFTNL_EXPR_IMM_DREG, target)
    try object.set(NFTNL_EXPR_IMM_DATA, value)
    return object
  }

  static func verdict(_ verdict: Verdict) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "immediate")
    object.set(NFTNL_EXPR_IMM_DREG, Register.verdict)
    object.set(NFTNL_EXPR_IMM_VERDICT, UInt32(bitPattern: verdict.code))
    if let chain = verdict.chain { object.set(NFTNL_EXPR_IMM_CHAIN, chain) }
    return object
  }

  static func nat(_ nat: NAT) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "nat")
    object.set(NFTNL_EXPR_NAT_TYPE, nat.side.rawValue)
    object.set(NFTNL_EXPR_NAT_FAMILY, nat.family)
    object.set(NFTNL_EXPR_NAT_REG_ADDR_MIN, nat.firstAddress)
    object.set(NFTNL_EXPR_NAT_REG_ADDR_MAX, nat.lastAddress)
    object.set(NFTNL_EXPR_NAT_REG_PROTO_MIN, nat.firstPort)
    object.set(NFTNL_EXPR_NAT_REG_PROTO_MAX, nat.lastPort)
    if nat.flags != 0 { object.set(NFTNL_EXPR_NAT_FLAGS, nat.flags) }
    return object
  }

  static func masquerade(
    _ flags: UInt32, _ first: Register?, _ last: Register?
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "masq")
    if flags != 0 { object.set(NFTNL_EXPR_MASQ_FLAGS, flags) }
    object.set(NFTNL_EXPR_MASQ_REG_PROTO_MIN, first)
    object.set(NFTNL_EXPR_MASQ_REG_PROTO_MAX, last)
    return object
  }

  static func reject(_ type: UInt32, _ code: UInt8) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "reject")
    object.set(NFTNL_EXPR_REJECT_TYPE, type)
    object.set(NFTNL_EXPR_REJECT_CODE, byte: code)
    return object
  }

  static func limit(
    _ rate: UInt64, _ unit: UInt64, _ burst: UInt32, _ type: UInt32, _ flags: UInt32
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "limit")
    object.set(NFTNL_EXPR_LIMIT_RATE, long: rate)
    object.set(NFTNL_EXPR_LIMIT_UNIT, long: unit)
    object.set(NFTNL_EXPR_LIMIT_BURST, burst)
    object.set(NFTNL_EXPR_LIMIT_TYPE, type)
    object.set(NFTNL_EXPR_LIMIT_FLAGS, flags)
    return object
  }

  static func connectionLimit(
    _ count: UInt32, _ flags: UInt32
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "connlimit")
    object.set(NFTNL_EXPR_CONNLIMIT_COUNT, count)
    object.set(NFTNL_EXPR_CONNLIMIT_FLAGS, flags)
    return object
  }

  static func log(_ prefix: String, _ level: UInt32) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "log")
    if !prefix.isEmpty { object.set(NFTNL_EXPR_LOG_PREFIX, prefix) }
    object.set(NFTNL_EXPR_LOG_LEVEL, level)
    return object
  }

  static func counter(
    _ packets: UInt64, _ bytes: UInt64
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "counter")
    object.set(NFTNL_EXPR_CTR_PACKETS, long: packets)
    object.set(NFTNL_EXPR_CTR_BYTES, long: bytes)
    return object
  }
}
