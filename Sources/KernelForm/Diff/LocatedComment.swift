/// A comment of a rule or element, taken apart: `file:line: purpose`, or one of the two.
package struct LocatedComment {
  /// `file:line`; `nil` where the comment names no line.
  package let location: ArraySlice<UInt8>?
  /// What is left; empty where there is nothing.
  package let purpose: ArraySlice<UInt8>

  package init(_ comment: ArraySlice<UInt8>) {
    guard let end = Self.endOfLocation(comment) else {
      (location, purpose) = (nil, comment)
      return
    }
    location = comment[..<end]
    purpose = comment[end...].dropFirst(2)
  }

  /// The end of the first number that follows a colon and ends the comment or stands before `: `.
  private static func endOfLocation(_ comment: ArraySlice<UInt8>) -> Int? {
    var index = comment.startIndex
    while let colon = comment[index...].firstIndex(of: UInt8(ascii: ":")) {
      let digits = comment[(colon + 1)...].prefix {
        $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")
      }
      let rest = comment[digits.endIndex...]
      let isEnd = rest.isEmpty || rest.starts(with: [UInt8(ascii: ":"), UInt8(ascii: " ")])
      if !digits.isEmpty, isEnd, colon > comment.startIndex { return digits.endIndex }
      index = colon + 1
    }
    return nil
  }
}
