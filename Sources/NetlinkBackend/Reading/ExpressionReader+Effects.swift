import CNftnl
import KernelForm
import Netfilter

// What looks keys up, counts, and decides.
extension ExpressionReader {
  func lookup(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    guard let set = body.string(NFTA_LOOKUP_SET, in: bytes) else {
      throw .malformed("a lookup without a set")
    }
    let flags = try body.uint32(NFTA_LOOKUP_FLAGS, in: bytes) ?? 0
    guard flags & ~NFT_LOOKUP_F_INV.rawValue == 0 else { return nil }
    return .lookup(
      set: set, key: try register(NFTA_LOOKUP_SREG, bytes),
      data: try optionalRegister(NFTA_LOOKUP_DREG, bytes), inverted: flags != 0)
  }

  func dynamicSet(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    guard let set = body.string(NFTA_DYNSET_SET_NAME, in: bytes) else {
      throw .malformed("an update without a set")
    }
    let flags = try body.uint32(NFTA_DYNSET_FLAGS, in: bytes) ?? 0
    guard let update = SetUpdate(rawValue: try number(NFTA_DYNSET_OP, bytes)),
      flags & NFT_DYNSET_F_INV.rawValue == 0, !body.has(NFTA_DYNSET_SREG_DATA)
    else { return nil }
    var expressions: [Expression] = []
    if let single = body[NFTA_DYNSET_EXPR] {
      expressions = [try Expression.expression(single, in: bytes)]
    } else if let several = body[NFTA_DYNSET_EXPRESSIONS] {
      expressions = try Expression.list(several, in: bytes)
    }
    return .dynamicSet(
      update, set: set, key: try register(NFTA_DYNSET_SREG_KEY, bytes),
      timeout: try body.uint64(NFTA_DYNSET_TIMEOUT, in: bytes) ?? 0, Expressions(expressions))
  }

  func immediate(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    let target = try register(NFTA_IMMEDIATE_DREG, bytes)
    guard let data = try body.nest(NFTA_IMMEDIATE_DATA, in: bytes) else {
      throw .malformed("an immediate without data")
    }
    if let verdict = data[NFTA_DATA_VERDICT] {
      return try Verdict(verdict, in: bytes).map { .verdict($0) }
    }
    guard let value = data.bytes(NFTA_DATA_VALUE, in: bytes) else { return nil }
    return .immediate(target, value: value)
  }

  func nat(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    guard let side = NAT.Side(rawValue: try number(NFTA_NAT_TYPE, bytes)) else { return nil }
    let flags = try body.uint32(NFTA_NAT_FLAGS, in: bytes) ?? 0
    let implied = NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED
    return .nat(
      NAT(
        side, family: try number(NFTA_NAT_FAMILY, bytes),
        firstAddress: try optionalRegister(NFTA_NAT_REG_ADDR_MIN, bytes),
        lastAddress: try optionalRegister(NFTA_NAT_REG_ADDR_MAX, bytes),
        firstPort: try optionalRegister(NFTA_NAT_REG_PROTO_MIN, bytes),
        lastPort: try optionalRegister(NFTA_NAT_REG_PROTO_MAX, bytes),
        flags: flags & ~UInt32(implied)))
  }

  func masquerade(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    .masquerade(
      flags: try body.uint32(NFTA_MASQ_FLAGS, in: bytes) ?? 0,
      firstPort: try optionalRegister(NFTA_MASQ_REG_PROTO_MIN, bytes),
      lastPort: try optionalRegister(NFTA_MASQ_REG_PROTO_MAX, bytes))
  }

  func reject(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    .reject(
      type: try number(NFTA_REJECT_TYPE, bytes),
      code: try body.uint8(NFTA_REJECT_ICMP_CODE, in: bytes) ?? 0)
  }

  func limit(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    guard let rate = try body.uint64(NFTA_LIMIT_RATE, in: bytes),
      let unit = try body.uint64(NFTA_LIMIT_UNIT, in: bytes)
    else { throw .malformed("a limit without a rate") }
    return .limit(
      rate: rate, unit: unit, burst: try body.uint32(NFTA_LIMIT_BURST, in: bytes) ?? 0,
      type: try body.uint32(NFTA_LIMIT_TYPE, in: bytes) ?? 0,
      flags: try body.uint32(NFTA_LIMIT_FLAGS, in: bytes) ?? 0)
  }

  func connectionLimit(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    .connectionLimit(
      count: try number(NFTA_CONNLIMIT_COUNT, bytes),
      flags: try body.uint32(NFTA_CONNLIMIT_FLAGS, in: bytes) ?? 0)
  }

  /// Only logging to the kernel's own log is ours.
  func log(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    guard !body.has(NFTA_LOG_GROUP), try body.uint32(NFTA_LOG_FLAGS, in: bytes) ?? 0 == 0 else {
      return nil
    }
    return .log(
      prefix: body.string(NFTA_LOG_PREFIX, in: bytes) ?? "",
      level: try body.uint32(NFTA_LOG_LEVEL, in: bytes) ?? NFT_LOGLEVEL_WARNING.rawValue)
  }

  func counter(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    .counter(
      packets: try body.uint64(NFTA_COUNTER_PACKETS, in: bytes) ?? 0,
      bytes: try body.uint64(NFTA_COUNTER_BYTES, in: bytes) ?? 0)
  }
}
