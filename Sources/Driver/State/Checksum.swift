/// CRC-64/XZ (ECMA-182, reflected): finds every changed byte, and all changes within 8 bytes.
///
/// It is for accidents, not for attackers: whoever can write our files is root.
package struct Checksum: Sendable {
  /// Eight tables of 256, one after the other: what a byte does to the sum from so many bytes away.
  private let tables: [UInt64]

  package init() {
    var tables: [UInt64] = []
    tables.reserveCapacity(2048)
    for byte in 0..<UInt64(256) {
      var value = byte
      for _ in 0..<8 { value = value >> 1 ^ (value & 1 == 0 ? 0 : Self.polynomial) }
      tables.append(value)
    }
    for index in 256..<2048 {
      let value = tables[index - 256]
      tables.append(value >> 8 ^ tables[Int(value & 0xFF)])
    }
    self.tables = tables
  }

  private static let polynomial: UInt64 = 0xC96C_5795_D787_0F42

  /// The sum of all of `message`.
  ///
  /// - Complexity: linear; eight bytes a step.
  package func callAsFunction(_ message: borrowing Span<UInt8>) -> UInt64 {
    let tables = tables.span
    var sum = ~UInt64(0)
    var offset = 0
    let end = message.count &- 7
    while offset < end {
      var word: UInt64 = 0
      for index in 0..<8 {
        word |= UInt64(message[offset &+ index]) &<< UInt64(index &* 8)
      }
      word ^= sum
      sum = 0
      for index in 0..<8 {
        let byte = Int(word &>> UInt64(index &* 8) & 0xFF)
        sum ^= tables[(7 &- index) &* 256 &+ byte]
      }
      offset &+= 8
    }
    while offset < message.count {
      sum = sum &>> 8 ^ tables[Int((sum ^ UInt64(message[offset])) & 0xFF)]
      offset &+= 1
    }
    return ~sum
  }

  /// 16 lowercase hexadecimal digits.
  package static func text(_ sum: UInt64) -> String {
    let digits = String(sum, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
