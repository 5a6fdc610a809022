/// Counts the Unicode scalars before any offset of a file.
struct ScalarIndex: Sendable {
  private static let spacing = 1024
  /// The scalars before offset `spacing * index`; empty where every byte is a scalar.
  private let checkpoints: [UInt32]

  /// - Complexity: O(bytes).
  init(_ bytes: [UInt8]) {
    // Without branches, so that the machine looks at many bytes at once.
    let seen = bytes.reduce(0) { $0 | $1 }
    checkpoints = seen < 0x80 ? [] : Self.checkpoints(bytes)
  }

  private static func checkpoints(_ bytes: [UInt8]) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(bytes.count / spacing + 1)
    var count: UInt32 = 0
    for index in bytes.indices {
      if index % spacing == 0 { result.append(count) }
      if startsScalar(bytes[index]) { count += 1 }
    }
    return result
  }

  /// The number of scalars that start in `range` of the bytes that the index was made from.
  ///
  /// - Complexity: O(1).
  func count(in range: Range<Int>, of bytes: [UInt8]) -> Int {
    count(before: range.upperBound, of: bytes) - count(before: range.lowerBound, of: bytes)
  }

  private func count(before offset: Int, of bytes: [UInt8]) -> Int {
    guard !checkpoints.isEmpty else { return offset }
    let checkpoint = min(offset / Self.spacing, checkpoints.count - 1)
    let rest = bytes[(checkpoint * Self.spacing)..<offset]
    return rest.reduce(Int(checkpoints[checkpoint])) { $0 + (Self.startsScalar($1) ? 1 : 0) }
  }

  private static func startsScalar(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }
}
