/// What nft takes in a comment, in bytes (NFTNL_UDATA_COMMENT_MAXLEN).
package let nftCommentLimit = 128

/// What nft takes in the prefix of a log line, in bytes (NF_LOG_PREFIXLEN - 1).
package let nftLogPrefixLimit = 127

/// The prefix of a log line as nft takes it between double quotes: cut, `$`, where nft would look
/// for the name of a variable, as `?`, and the rest as ``OutputSpan/append(quotable:limit:)`` has it.
package func nftLogPrefix(_ prefix: String) -> String {
  let bytes = prefix.utf8.map { $0 == UInt8(ascii: "$") ? UInt8(ascii: "?") : $0 }
  var text = TextBuffer(capacity: nftLogPrefixLimit)
  text.append(quotable: String(decoding: bytes, as: UTF8.self), limit: nftLogPrefixLimit)
  return String(decoding: text.bytes, as: UTF8.self)
}

extension TextBuffer {
  /// Appends `place: why`, or what there is of it, cut to what nft takes between double quotes.
  package mutating func append(comment origin: Origin?, _ why: String?) {
    var room = nftCommentLimit
    if let origin {
      room -= append(quotable: origin, limit: room)
      if why != nil { room -= append(quotable: ": ", limit: room) }
    }
    if let why { append(quotable: why, limit: room) }
  }
}
