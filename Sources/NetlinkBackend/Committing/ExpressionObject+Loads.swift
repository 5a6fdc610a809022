import CNftnl
import KernelForm

// What brings facts into registers, and what compares them.
extension ExpressionObject {
  static func meta(
    _ key: MetaKey, into target: Register?, from source: Register?
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "meta")
    object.set(NFTNL_EXPR_META_KEY, key.rawValue)
    object.set(NFTNL_EXPR_META_DREG, target)
    object.set(NFTNL_EXPR_META_SREG, source)
    return object
  }

  static func payload(
    _ base: PayloadBase, _ offset: UInt32, _ length: UInt32
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "payload")
    object.set(NFTNL_EXPR_PAYLOAD_BASE, base.rawValue)
    object.set(NFTNL_EXPR_PAYLOAD_OFFSET, offset)
    object.set(NFTNL_EXPR_PAYLOAD_LEN, length)
    return object
  }

  func setWrite(from source: Register, _ checksum: PayloadChecksum) {
    set(NFTNL_EXPR_PAYLOAD_SREG, source)
    set(NFTNL_EXPR_PAYLOAD_CSUM_TYPE, checksum.type)
    set(NFTNL_EXPR_PAYLOAD_CSUM_OFFSET, checksum.offset)
    set(NFTNL_EXPR_PAYLOAD_FLAGS, checksum.flags)
  }

  static func compare(
    _ register: Register, _ comparison: Comparison, _ value: [UInt8]
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "cmp")
    object.set(NFTNL_EXPR_CMP_SREG, register)
    object.set(NFTNL_EXPR_CMP_OP, comparison.rawValue)
    try object.set(NFTNL_EXPR_CMP_DATA, value)
    return object
  }

  static func range(
    _ register: Register, inverted: Bool, _ first: [UInt8], _ last: [UInt8]
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "range")
    object.set(NFTNL_EXPR_RANGE_SREG, register)
    object.set(NFTNL_EXPR_RANGE_OP, (inverted ? NFT_RANGE_NEQ : NFT_RANGE_EQ).rawValue)
    try object.set(NFTNL_EXPR_RANGE_FROM_DATA, first)
    try object.set(NFTNL_EXPR_RANGE_TO_DATA, last)
    return object
  }

  static func bitwise(
    from source: Register, into target: Register, mask: [UInt8], xor: [UInt8]
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "bitwise")
    object.set(NFTNL_EXPR_BITWISE_SREG, source)
    object.set(NFTNL_EXPR_BITWISE_DREG, target)
    object.set(NFTNL_EXPR_BITWISE_LEN, UInt32(mask.count))
    try object.set(NFTNL_EXPR_BITWISE_MASK, mask)
    try object.set(NFTNL_EXPR_BITWISE_XOR, xor)
    return object
  }

  static func byteOrder(
    from source: Register, into target: Register, _ operation: UInt32, _ length: UInt32,
    _ size: UInt32
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "byteorder")
    object.set(NFTNL_EXPR_BYTEORDER_SREG, source)
    object.set(NFTNL_EXPR_BYTEORDER_DREG, target)
    object.set(NFTNL_EXPR_BYTEORDER_OP, operation)
    object.set(NFTNL_EXPR_BYTEORDER_LEN, length)
    object.set(NFTNL_EXPR_BYTEORDER_SIZE, size)
    return object
  }

  static func conntrack(
    _ key: ConntrackKey, _ direction: UInt8?, into target: Register
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "ct")
    object.set(NFTNL_EXPR_CT_KEY, key.rawValue)
    object.set(NFTNL_EXPR_CT_DREG, target)
    if let direction { object.set(NFTNL_EXPR_CT_DIR, byte: direction) }
    return object
  }

  static func fib(
    _ result: FIBResult, _ flags: UInt32, into target: Register
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "fib")
    object.set(NFTNL_EXPR_FIB_RESULT, result.rawValue)
    object.set(NFTNL_EXPR_FIB_FLAGS, flags)
    object.set(NFTNL_EXPR_FIB_DREG, target)
    return object
  }

  static func route(
    _ key: UInt32, into target: Register
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "rt")
    object.set(NFTNL_EXPR_RT_KEY, key)
    object.set(NFTNL_EXPR_RT_DREG, target)
    return object
  }

  static func extensionHeader(
    _ operation: UInt32, _ type: UInt8, _ offset: UInt32, _ length: UInt32
  ) throws(NetlinkError) -> ExpressionObject {
    let object = try ExpressionObject(named: "exthdr")
    object.set(NFTNL_EXPR_EXTHDR_OP, operation)
    object.set(NFTNL_EXPR_EXTHDR_TYPE, byte: type)
    object.set(NFTNL_EXPR_EXTHDR_OFFSET, offset)
    object.set(NFTNL_EXPR_EXTHDR_LEN, length)
    return object
  }
}
