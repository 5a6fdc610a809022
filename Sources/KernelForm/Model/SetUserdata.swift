/// What nft needs to know to list a set, as bytes: type, length, value, one after the other
/// (`enum nftnl_udata_set_types` of libnftnl's udata.h).
package enum SetUserdata {
  static let keyByteOrder: UInt8 = 0
  static let dataByteOrder: UInt8 = 1
  static let keyExpression: UInt8 = 3
  static let comment: UInt8 = 7

  /// The bytes without what nft adds and does not need: how the set was declared. It needs that for
  /// sets of bits without a type, which it lists as what loads them is listed.
  ///
  /// - Parameter keyType: nft's number of the key's type.
  /// - Returns: `bytes` where they are no such list.
  package static func essential(_ bytes: [UInt8], keyType: UInt32) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard index + 2 <= bytes.count, index + 2 + Int(bytes[index + 1]) <= bytes.count else {
        return bytes
      }
      let end = index + 2 + Int(bytes[index + 1])
      switch bytes[index] {
      case keyByteOrder, dataByteOrder, comment: result += bytes[index..<end]
      case keyExpression where keyType == ValueType.integer.rawValue:
        result += bytes[index..<end]
      default: break
      }
      index = end
    }
    return result
  }

  static func make(key: UInt32, data: UInt32?, comment text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [keyByteOrder, 4] + hostOrder(key)
    if let data { result += [dataByteOrder, 4] + hostOrder(data) }
    if !text.isEmpty { result += [comment, UInt8(text.count + 1)] + text + [0] }
    return result
  }

  /// Says that the keys are raw bits of the packet (nft's EXPR_PAYLOAD is 7, its
  /// PROTO_BASE_TRANSPORT_HDR 3), both numbers in bits.
  static func transportBits(offset: UInt32, length: UInt32) -> [UInt8] {
    let fields: [UInt32] = [0, 0, 3, offset, length]
    var place: [UInt8] = []
    for (type, value) in fields.enumerated() { place += [UInt8(type), 4] + hostOrder(value) }
    let kind: [UInt8] = [0, 4] + hostOrder(7)
    let expression: [UInt8] = kind + [1, UInt8(place.count)] + place
    return [keyExpression, UInt8(expression.count)] + expression
  }

  /// The comment without its end mark; empty where there is none.
  static func comment(in bytes: [UInt8]) -> [UInt8] {
    var index = 0
    while index + 2 <= bytes.count {
      let end = index + 2 + Int(bytes[index + 1])
      guard end <= bytes.count else { return [] }
      if bytes[index] == comment {
        let text = bytes[(index + 2)..<end]
        return Array(text.last == 0 ? text.dropLast() : text)
      }
      index = end
    }
    return []
  }
}
