/// What nft takes in a comment, in bytes (NFTNL_UDATA_COMMENT_MAXLEN).
package let nftCommentLimit = 128

/// What nft takes in the prefix of a log line, in bytes (NF_LOG_PREFIXLEN - 1).
package let nftLogPrefixLimit = 127

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
