// Reads of integers at any place, aligned or not. A place outside traps: walks check first.
extension Span where Element == UInt8 {
  /// The two bytes at `offset`, most significant first.
  func bigEndian16(at offset: Int) -> UInt16 {
    UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
  }

  /// The four bytes at `offset`, most significant first.
  func bigEndian32(at offset: Int) -> UInt32 {
    UInt32(bigEndian16(at: offset)) << 16 | UInt32(bigEndian16(at: offset + 2))
  }

  /// The eight bytes at `offset`, most significant first.
  func bigEndian64(at offset: Int) -> UInt64 {
    UInt64(bigEndian32(at: offset)) << 32 | UInt64(bigEndian32(at: offset + 4))
  }

  /// The two bytes at `offset` in the order of this machine, as headers are.
  func host16(at offset: Int) -> UInt16 { UInt16(bigEndian: bigEndian16(at: offset)) }

  /// The four bytes at `offset` in the order of this machine.
  func host32(at offset: Int) -> UInt32 { UInt32(bigEndian: bigEndian32(at: offset)) }
}
