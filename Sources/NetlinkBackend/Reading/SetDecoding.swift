import CNftnl
import KernelForm
import Netfilter

extension KernelSet {
  private static let known: SetFlags = [
    .anonymous, .constant, .interval, .map, .timeout, .dynamic, .concatenation,
  ]

  /// `nil` for sets of kinds that are none of ours: of stateful objects, with expressions for
  /// every element, or of ranges of concatenations, whose elements have two keys.
  init?(_ name: String, _ body: Nest, in bytes: Span<UInt8>) throws(NetlinkError) {
    let flags = SetFlags(rawValue: try body.uint32(NFTA_SET_FLAGS, in: bytes) ?? 0)
    guard let keyLength = try body.uint32(NFTA_SET_KEY_LEN, in: bytes),
      let keyType = try body.uint32(NFTA_SET_KEY_TYPE, in: bytes)
    else { throw .malformed("a set without a type") }
    guard flags.subtracting(Self.known).isEmpty,
      !flags.isSuperset(of: [.interval, .concatenation]),
      !body.has(NFTA_SET_EXPR), !body.has(NFTA_SET_EXPRESSIONS), !body.has(NFTA_SET_OBJ_TYPE),
      (1...UInt32(NFT_DATA_VALUE_MAXLEN)).contains(keyLength)
    else { return nil }
    let dataType = try body.uint32(NFTA_SET_DATA_TYPE, in: bytes) ?? 0
    // The kernel gives verdicts the length of its own structure.
    let hasValues = flags.contains(.map) && dataType != Self.verdictType
    let dataLength = hasValues ? Int(try body.uint32(NFTA_SET_DATA_LEN, in: bytes) ?? 0) : 0
    guard !hasValues || (1...Int(NFT_DATA_VALUE_MAXLEN)).contains(dataLength) else { return nil }
    self.init(
      name, flags, keyType: keyType, keyLength: Int(keyLength),
      elements: ElementTable(keyLength: Int(keyLength), dataLength: dataLength))
    self.dataType = flags.contains(.map) ? dataType : 0
    self.dataLength = dataLength
    timeout = try body.uint64(NFTA_SET_TIMEOUT, in: bytes) ?? 0
    try readDescription(body.nest(NFTA_SET_DESC, in: bytes), in: bytes)
    userdata = SetUserdata.essential(
      body.bytes(NFTA_SET_USERDATA, in: bytes) ?? [], keyType: keyType)
  }

  private mutating func readDescription(
    _ description: Nest?, in bytes: Span<UInt8>
  ) throws(NetlinkError) {
    guard let description else { return }
    size = try description.uint32(NFTA_SET_DESC_SIZE, in: bytes) ?? 0
    guard let fields = description[NFTA_SET_DESC_CONCAT] else { return }
    var walk = AttributeWalk(fields.value)
    while let field = try walk.next(in: bytes) {
      fieldLengths.append(try Nest(field, in: bytes).uint32(NFTA_SET_FIELD_LEN, in: bytes) ?? 0)
    }
  }
}
