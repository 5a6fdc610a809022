import CNftnl

/// Writes netlink messages one after the other into one buffer.
struct MessageWriter {
  private(set) var bytes: [UInt8] = []
  /// Where the message that is being written starts.
  private var start = 0

  /// Begins a message; what was begun before is whole.
  mutating func begin(
    type: UInt16, flags: Int32, sequence: UInt32, family: UInt8 = 0
  ) {
    start = bytes.count
    appendHost(UInt32(Message.headsLength))
    appendHost(type)
    appendHost(UInt16(truncatingIfNeeded: flags))
    appendHost(sequence)
    appendHost(UInt32(0))
    // Version and resource are 0.
    bytes += [family, 0, 0, 0]
  }

  /// Adds a text with its NUL.
  mutating func put<Kind: RawRepresentable<UInt32>>(_ kind: Kind, _ text: String) {
    put(kind, bytes: Array(text.utf8) + [0])
  }

  /// Adds a number, big-endian.
  mutating func put<Kind: RawRepresentable<UInt32>>(_ kind: Kind, _ number: UInt32) {
    putHeader(kind.rawValue, length: 4)
    appendBig(number)
    finish()
  }

  /// Adds bytes.
  ///
  /// - Requires: they are fewer than 65532.
  mutating func put<Kind: RawRepresentable<UInt32>>(_ kind: Kind, bytes value: [UInt8]) {
    putHeader(kind.rawValue, length: value.count)
    bytes += value
    finish()
  }

  /// Adds an attribute of another message as it is.
  mutating func put(_ attribute: Attribute, of source: Span<UInt8>) {
    for index in attribute.range { bytes.append(source[index]) }
    finish()
  }

  /// Adds attributes that are written already, padded.
  mutating func put(attributes: [UInt8]) {
    bytes += attributes
    finish()
  }

  /// Adds a nest of what `body` adds.
  mutating func put<Kind: RawRepresentable<UInt32>>(
    _ kind: Kind, nest body: (inout MessageWriter) -> Void
  ) {
    let position = bytes.count
    putHeader(kind.rawValue | UInt32(NLA_F_NESTED), length: 0)
    body(&self)
    patch(UInt16(truncatingIfNeeded: bytes.count - position), at: position)
  }

  /// Pads, and says in the header how long the message is by now.
  private mutating func finish() {
    while bytes.count % 4 != 0 { bytes.append(0) }
    patch(UInt32(truncatingIfNeeded: bytes.count - start), at: start)
  }

  private mutating func putHeader(_ type: UInt32, length: Int) {
    appendHost(UInt16(truncatingIfNeeded: Attribute.headerLength + length))
    appendHost(UInt16(truncatingIfNeeded: type))
    finish()
  }

  private mutating func appendBig(_ number: some FixedWidthInteger) {
    for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  private mutating func appendHost(_ number: some FixedWidthInteger) {
    appendBig(number.bigEndian)
  }

  private mutating func patch(_ number: some FixedWidthInteger, at offset: Int) {
    let value = number.bigEndian
    for index in 0..<value.bitWidth / 8 {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (value.bitWidth - 8 * (index + 1)))
    }
  }
}
