import CNftnl

/// The notes that nft keeps with objects: type, length, value, one after the other.
enum Userdata {
  /// The comment of a table, rule or element, whose type is 0 in all of them; `nil` where there is
  /// none, or where the bytes are no such list.
  static func comment(_ range: Range<Int>, in bytes: Span<UInt8>) -> String? {
    commentRange(range, in: bytes).map { String($0, in: bytes) }
  }

  /// Where the comment is, without the NUL at its end.
  static func commentRange(_ range: Range<Int>, in bytes: Span<UInt8>) -> Range<Int>? {
    var position = range.lowerBound
    while position + 2 <= range.upperBound {
      let start = position + 2
      let end = start + Int(bytes[position + 1])
      guard end <= range.upperBound else { return nil }
      if bytes[position] == commentType {
        let isTerminated = end > start && bytes[end - 1] == 0
        return start..<(isTerminated ? end - 1 : end)
      }
      position = end
    }
    return nil
  }

  /// NFTNL_UDATA_TABLE_COMMENT, NFTNL_UDATA_RULE_COMMENT, NFTNL_UDATA_SET_ELEM_COMMENT.
  static let commentType: UInt8 = 0

  /// The list with this comment alone; it is cut at what the length's one byte can say.
  static func make(comment: String) -> [UInt8] {
    let text = Array(comment.utf8.prefix(254))
    return [commentType, UInt8(text.count + 1)] + text + [0]
  }
}
