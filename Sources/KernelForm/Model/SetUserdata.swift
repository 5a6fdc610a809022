/// What nft needs to know to list a set, as bytes: type, length, value, one after the other
/// (`enum nftnl_udata_set_types` of libnftnl's udata.h).
package enum SetUserdata {
  static let keyByteOrder: UInt8 = 0
  static let dataByteOrder: UInt8 = 1
  static let comment: UInt8 = 7

  /// The bytes without what nft adds and does not need: how the set was declared.
  ///
  /// - Returns: `bytes` where they are no such list.
  package static func essential(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard index + 2 <= bytes.count, index + 2 + Int(bytes[index + 1]) <= bytes.count else {
        return bytes
      }
      let end = index + 2 + Int(bytes[index + 1])
      switch bytes[index] {
      case keyByteOrder, dataByteOrder, comment: result += bytes[index..<end]
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
