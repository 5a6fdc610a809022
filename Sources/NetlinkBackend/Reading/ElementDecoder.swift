import CNftnl
import KernelForm
import Netfilter

/// Reads the elements of one set. There may be hundreds of thousands: nothing is allocated for each
/// of them.
struct ElementDecoder {
  var elements: ElementTable
  /// Whether there was an element that is none of ours: a catch-all, or one with a lifetime, an
  /// expression, an object or a second key.
  private(set) var foundStranger = false
  private let hasValues: Bool
  private let hasVerdicts: Bool

  init(_ set: KernelSet) {
    elements = ElementTable(
      keyLength: set.elements.keyLength, dataLength: set.elements.dataLength)
    hasVerdicts = set.flags.contains(.map) && set.dataType == KernelSet.verdictType
    hasValues = set.flags.contains(.map) && !hasVerdicts
  }

  /// Takes what NFTA_SET_ELEM_LIST_ELEMENTS holds.
  mutating func take(_ list: Attribute, in bytes: Span<UInt8>) throws(NetlinkError) {
    var walk = AttributeWalk(list.value)
    while let item = try walk.next(in: bytes) { try takeElement(item, in: bytes) }
  }

  /// Where the parts of an element are.
  private struct Parts {
    var key: Range<Int>?
    var data: Attribute?
    var comment: Range<Int>?
    var flags: UInt32 = 0
    var isStrange = false
  }

  private mutating func takeElement(
    _ item: Attribute, in bytes: Span<UInt8>
  ) throws(NetlinkError) {
    let parts = try Self.parts(item, in: bytes)
    let endsInterval = parts.flags == NFT_SET_ELEM_INTERVAL_END.rawValue
    guard let key = parts.key, !parts.isStrange, parts.flags == 0 || endsInterval else {
      foundStranger = true
      return
    }
    guard key.count == elements.keyLength else { throw .malformed("a key of \(key.count) bytes") }
    let comment = parts.comment ?? 0..<0
    if endsInterval {
      elements.append(from: bytes, key: key, value: 0..<0, comment: comment, endsInterval: true)
    } else if hasVerdicts {
      guard let verdict = try Self.verdict(parts.data, in: bytes) else {
        foundStranger = true
        return
      }
      elements.append(from: bytes, key: key, value: 0..<0, comment: comment, verdict: verdict)
    } else {
      let value = hasValues ? try Self.inner(parts.data, NFTA_DATA_VALUE, in: bytes) : 0..<0
      guard let value, value.count == elements.dataLength else {
        throw .malformed("an element of a map without data of the right length")
      }
      elements.append(from: bytes, key: key, value: value, comment: comment)
    }
  }

  private static func verdict(
    _ data: Attribute?, in bytes: Span<UInt8>
  ) throws(NetlinkError) -> Verdict? {
    guard let range = try inner(data, NFTA_DATA_VERDICT, in: bytes) else {
      throw .malformed("an element of a verdict map without a verdict")
    }
    return try Verdict(Attribute(type: NFTA_DATA_VERDICT.rawValue, value: range), in: bytes)
  }

  private static func parts(
    _ item: Attribute, in bytes: Span<UInt8>
  ) throws(NetlinkError) -> Parts {
    var parts = Parts()
    var walk = AttributeWalk(item.value)
    while let attribute = try walk.next(in: bytes) {
      switch nft_set_elem_attributes(attribute.type) {
      case NFTA_SET_ELEM_KEY: parts.key = try inner(attribute, NFTA_DATA_VALUE, in: bytes)
      case NFTA_SET_ELEM_DATA: parts.data = attribute
      case NFTA_SET_ELEM_USERDATA:
        parts.comment = Userdata.commentRange(attribute.value, in: bytes)
      case NFTA_SET_ELEM_FLAGS:
        guard attribute.value.count == 4 else { throw .malformed("flags of an odd length") }
        parts.flags = bytes.bigEndian32(at: attribute.value.lowerBound)
      case NFTA_SET_ELEM_PAD: break
      default: parts.isStrange = true
      }
    }
    return parts
  }

  /// Where the attribute of this kind inside `attribute` has its value.
  private static func inner(
    _ attribute: Attribute?, _ kind: nft_data_attributes, in bytes: Span<UInt8>
  ) throws(NetlinkError) -> Range<Int>? {
    guard let attribute else { return nil }
    var result: Range<Int>?
    var walk = AttributeWalk(attribute.value)
    while let part = try walk.next(in: bytes) {
      if part.type == kind.rawValue { result = part.value }
    }
    return result
  }
}
