/// The bytes of one policy file, and the name to show for it.
package struct SourceText: Sendable {
  /// The path as the user gave it, or `<stdin>`.
  package let name: String
  /// The index of this file in its ``SourceMap``.
  package let file: UInt32
  /// The whole file.
  package let bytes: [UInt8]

  package init(name: String, file: UInt32, bytes: [UInt8]) {
    self.name = name
    self.file = file
    self.bytes = bytes
  }

  /// The text of `span`; bytes that are no UTF-8 become U+FFFD.
  ///
  /// - Requires: `span` is of this file.
  package func text(_ span: SourceSpan) -> String {
    String(decoding: bytes[Int(span.start)..<Int(span.end)], as: UTF8.self)
  }
}
