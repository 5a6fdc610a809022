/// What probes carry, so that whoever receives one knows which it is, however it was rewritten.
struct ProbeMark: Hashable {
  /// Which of the prober's rounds, so that what was late in one is no part of the next.
  let round: UInt16
  /// Which probe of the round.
  let index: Int

  private static let magic = Array("bwprobe:".utf8)

  init(round: UInt16, index: Int) {
    self.round = round
    self.index = index
  }

  /// Reads the mark at the start of `bytes`.
  init?(at bytes: ArraySlice<UInt8>) {
    guard bytes.count >= Self.magic.count + 4, bytes.starts(with: Self.magic) else { return nil }
    round = bytes.big16(Self.magic.count)
    index = Int(bytes.big16(Self.magic.count + 2))
  }

  /// Finds a mark anywhere in `bytes`.
  init?(in bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while !rest.isEmpty {
      if let mark = Self(at: rest) {
        self = mark
        return
      }
      rest = rest.dropFirst()
    }
    return nil
  }

  /// The mark as it travels.
  var payload: [UInt8] {
    var bytes = Self.magic
    bytes.append(big: round)
    bytes.append(big: UInt16(index))
    return bytes
  }
}

extension [UInt8] {
  /// Appends in the order of the wire.
  mutating func append(big value: UInt16) {
    self += [UInt8(value >> 8), UInt8(value & 0xFF)]
  }

  /// Appends in the order of the wire.
  mutating func append(big value: UInt32) {
    append(big: UInt16(value >> 16))
    append(big: UInt16(value & 0xFFFF))
  }
}

extension ArraySlice<UInt8> {
  /// The 16 bits at `offset` from the start, which must be there.
  func big16(_ offset: Int) -> UInt16 {
    UInt16(self[startIndex + offset]) << 8 | UInt16(self[startIndex + offset + 1])
  }

  /// The 32 bits at `offset` from the start, which must be there.
  func big32(_ offset: Int) -> UInt32 {
    UInt32(big16(offset)) << 16 | UInt32(big16(offset + 2))
  }
}
