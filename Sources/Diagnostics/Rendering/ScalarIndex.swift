/// Counts the Unicode scalars before any offset of a file.
struct ScalarIndex: Sendable {
  private static let stride = 1024
  /// The scalars before offset `stride * index`.
  private let checkpoints: [UInt32]

  /// - Complexity: O(bytes).
  init(_ bytes: [UInt8]) {
    var checkpoints: [UInt32] = []
    checkpoints.reserveCapacity(bytes.count / Self.stride + 1)
    var count: UInt32 = 0
    for index in bytes.indices {
      if index % Self.stride == 0 { checkpoints.append(count) }
      if Self.startsScalar(bytes[index]) { count += 1 }
    }
    self.checkpoints = checkpoints
  }

  /// The number of scalars that start in `range` of the bytes that the index was made from.
  ///
  /// - Complexity: O(1).
  func count(in range: Range<Int>, of bytes: [UInt8]) -> Int {
    count(before: range.upperBound, of: bytes) - count(before: range.lowerBound, of: bytes)
  }

  private func count(before offset: Int, of bytes: [UInt8]) -> Int {
    guard !checkpoints.isEmpty else { return 0 }
    let checkpoint = min(offset / Self.stride, checkpoints.count - 1)
    let rest = bytes[(checkpoint * Self.stride)..<offset]
    return rest.reduce(Int(checkpoints[checkpoint])) { $0 + (Self.startsScalar($1) ? 1 : 0) }
  }

  private static func startsScalar(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }
}
