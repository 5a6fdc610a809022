/// A run of bytes of one kind.
package struct Token: Hashable, Sendable {
  package let kind: TokenKind
  /// The offset of its first byte in the file.
  package let start: UInt32
  /// The offset just past its last byte.
  package let end: UInt32

  package init(_ kind: TokenKind, start: UInt32, end: UInt32) {
    self.kind = kind
    self.start = start
    self.end = end
  }
}
