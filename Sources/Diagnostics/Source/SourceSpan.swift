/// A half-open range of UTF-8 offsets in one source file; the end is exclusive.
@usableFromInline
package struct SourceSpan: Hashable, Sendable, Comparable {
  /// The index of the file in its ``SourceMap``.
  @usableFromInline package var file: UInt32
  /// The offset of the first byte.
  @usableFromInline package var start: UInt32
  /// The offset just past the last byte.
  @usableFromInline package var end: UInt32

  @inlinable
  package init(file: UInt32, start: UInt32, end: UInt32) {
    self.file = file
    self.start = start
    self.end = end
  }

  /// The smallest span that holds both.
  ///
  /// - Requires: both are of the same file.
  package func union(_ other: SourceSpan) -> SourceSpan {
    SourceSpan(file: file, start: min(start, other.start), end: max(end, other.end))
  }

  /// Orders by file, then start, then end.
  @inlinable
  package static func < (left: Self, right: Self) -> Bool {
    if left.file != right.file { return left.file < right.file }
    return left.start != right.start ? left.start < right.start : left.end < right.end
  }
}
