import Diagnostics
package import Netfilter

/// What a comment says: the line that asked for something, and why.
package struct CommentText: Hashable {
  /// The line; `nil` where no line is named.
  package var origin: Origin?
  /// The words beside it.
  package var why: String?

  /// Reads `file:line: why`, `file:line` or any other text, which is the why.
  package init(_ text: String?) {
    guard let text else { return }
    let parts = LocatedComment(Array(text.utf8)[...])
    guard let location = parts.location, let origin = Origin(location: location) else {
      why = text
      return
    }
    self.origin = origin
    // Even nothing may be said of a line.
    if location.count < text.utf8.count { why = String(decoding: parts.purpose, as: UTF8.self) }
  }

  /// What is left of an origin and a why in a comment, which holds so many bytes.
  init(_ origin: Origin?, _ why: String?) {
    guard origin != nil || why != nil else {
      self.init(nil)
      return
    }
    var text = TextBuffer(capacity: nftCommentLimit)
    text.append(comment: origin, why)
    self.init(String(decoding: text.bytes, as: UTF8.self))
  }
}

extension Origin {
  /// Reads `file:line`; `nil` where nobody would write the line so.
  fileprivate init?(location: ArraySlice<UInt8>) {
    guard let colon = location.lastIndex(of: UInt8(ascii: ":")) else { return nil }
    let digits = String(decoding: location[(colon + 1)...], as: UTF8.self)
    guard let line = UInt32(digits), line > 0, digits.first != "0" else { return nil }
    self.init(
      span: .nowhere, file: String(decoding: location[..<colon], as: UTF8.self), line: line)
  }
}

extension SourceSpan {
  /// The span of what was read from the kernel: no bytes of any file.
  static let nowhere = SourceSpan(file: 0, start: 0, end: 0)
}
