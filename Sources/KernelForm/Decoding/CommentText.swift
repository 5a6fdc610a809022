import Diagnostics
import Netfilter

/// What a comment says: the line that asked for something, and why.
struct CommentText: Hashable {
  var origin: Origin?
  var why: String?

  /// Reads `file:line: why`, `file:line` or any other text, which is the why.
  init(_ text: String?) {
    guard let text else { return }
    let bytes = Array(text.utf8)
    guard let (file, line, rest) = Self.split(bytes) else {
      why = text
      return
    }
    origin = Origin(span: .nowhere, file: String(decoding: file, as: UTF8.self), line: line)
    if let rest { why = String(decoding: rest, as: UTF8.self) }
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

  /// Splits at the first number that stands between colons, or between a colon and the end.
  private static func split(
    _ bytes: [UInt8]
  ) -> (file: ArraySlice<UInt8>, line: UInt32, rest: ArraySlice<UInt8>?)? {
    let colon = UInt8(ascii: ":")
    for index in bytes.indices.dropFirst() where bytes[index] == colon {
      var end = index + 1
      while end < bytes.count, bytes[end] >= UInt8(ascii: "0"), bytes[end] <= UInt8(ascii: "9") {
        end += 1
      }
      let digits = bytes[(index + 1)..<end]
      guard let line = UInt32(String(decoding: digits, as: UTF8.self)), line > 0,
        digits.first != UInt8(ascii: "0")
      else { continue }
      if end == bytes.count { return (bytes[..<index], line, nil) }
      if end + 1 < bytes.count, bytes[end] == colon, bytes[end + 1] == UInt8(ascii: " ") {
        return (bytes[..<index], line, bytes[(end + 2)...])
      }
    }
    return nil
  }
}

extension SourceSpan {
  /// The span of what was read from the kernel: no bytes of any file.
  static let nowhere = SourceSpan(file: 0, start: 0, end: 0)
}
