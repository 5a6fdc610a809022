import CNftnl
import KernelForm

// What brings facts into registers, and what compares them.
extension ExpressionReader {
  func meta(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    guard let key = MetaKey(rawValue: try number(NFTA_META_KEY, bytes)) else { return nil }
    if let source = try optionalRegister(NFTA_META_SREG, bytes) {
      return .setMeta(key, from: source)
    }
    return .meta(key, into: try register(NFTA_META_DREG, bytes))
  }

  func payload(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    guard let base = PayloadBase(rawValue: try number(NFTA_PAYLOAD_BASE, bytes)) else { return nil }
    let offset = try number(NFTA_PAYLOAD_OFFSET, bytes)
    let length = try number(NFTA_PAYLOAD_LEN, bytes)
    guard let source = try optionalRegister(NFTA_PAYLOAD_SREG, bytes) else {
      let target = try register(NFTA_PAYLOAD_DREG, bytes)
      return .payload(base, offset: offset, length: length, into: target)
    }
    let checksum = PayloadChecksum(
      type: try body.uint32(NFTA_PAYLOAD_CSUM_TYPE, in: bytes) ?? 0,
      offset: try body.uint32(NFTA_PAYLOAD_CSUM_OFFSET, in: bytes) ?? 0,
      flags: try body.uint32(NFTA_PAYLOAD_CSUM_FLAGS, in: bytes) ?? 0)
    return .setPayload(base, offset: offset, length: length, from: source, checksum: checksum)
  }

  func compare(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    guard let comparison = Comparison(rawValue: try number(NFTA_CMP_OP, bytes)) else { return nil }
    return .compare(
      try register(NFTA_CMP_SREG, bytes), comparison, value: try value(NFTA_CMP_DATA, bytes))
  }

  func range(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    let operation = nft_range_ops(try number(NFTA_RANGE_OP, bytes))
    guard operation == NFT_RANGE_EQ || operation == NFT_RANGE_NEQ else { return nil }
    return .range(
      try register(NFTA_RANGE_SREG, bytes), inverted: operation == NFT_RANGE_NEQ,
      from: try value(NFTA_RANGE_FROM_DATA, bytes), to: try value(NFTA_RANGE_TO_DATA, bytes))
  }

  func bitwise(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    // Only `(from & mask) ^ xor`, which is operation 0; the others shift.
    guard try body.uint32(NFTA_BITWISE_OP, in: bytes) ?? 0 == 0 else { return nil }
    return .bitwise(
      from: try register(NFTA_BITWISE_SREG, bytes), into: try register(NFTA_BITWISE_DREG, bytes),
      mask: try value(NFTA_BITWISE_MASK, bytes), xor: try value(NFTA_BITWISE_XOR, bytes))
  }

  func byteOrder(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    .byteOrder(
      from: try register(NFTA_BYTEORDER_SREG, bytes),
      into: try register(NFTA_BYTEORDER_DREG, bytes),
      operation: try number(NFTA_BYTEORDER_OP, bytes),
      length: try number(NFTA_BYTEORDER_LEN, bytes), size: try number(NFTA_BYTEORDER_SIZE, bytes))
  }

  func conntrack(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    guard let key = ConntrackKey(rawValue: try number(NFTA_CT_KEY, bytes)), !body.has(NFTA_CT_SREG)
    else { return nil }
    return .conntrack(
      key, direction: try body.uint8(NFTA_CT_DIRECTION, in: bytes),
      into: try register(NFTA_CT_DREG, bytes))
  }

  func fib(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    guard let result = FIBResult(rawValue: try number(NFTA_FIB_RESULT, bytes)) else { return nil }
    return .fib(
      result, flags: try number(NFTA_FIB_FLAGS, bytes), into: try register(NFTA_FIB_DREG, bytes))
  }

  func route(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    .route(key: try number(NFTA_RT_KEY, bytes), into: try register(NFTA_RT_DREG, bytes))
  }

  func extensionHeader(_ bytes: Span<UInt8>) throws(NetlinkError) -> Expression? {
    guard let type = try body.uint8(NFTA_EXTHDR_TYPE, in: bytes) else { return nil }
    let operation = try body.uint32(NFTA_EXTHDR_OP, in: bytes) ?? 0
    let offset = try number(NFTA_EXTHDR_OFFSET, bytes)
    let length = try number(NFTA_EXTHDR_LEN, bytes)
    if let source = try optionalRegister(NFTA_EXTHDR_SREG, bytes) {
      return .setExtensionHeader(
        operation: operation, type: type, offset: offset, length: length, from: source)
    }
    guard let target = try optionalRegister(NFTA_EXTHDR_DREG, bytes) else { return nil }
    return .extensionHeader(
      operation: operation, type: type, offset: offset, length: length,
      flags: try body.uint32(NFTA_EXTHDR_FLAGS, in: bytes) ?? 0, into: target)
  }
}
