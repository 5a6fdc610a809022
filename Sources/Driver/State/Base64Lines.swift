import Netfilter

/// Bytes as lines of base64 (RFC 4648), each behind `#: `, so that they are comments to nft.
enum Base64Lines {
  /// What begins each line.
  static let mark = Array("#: ".utf8)

  /// Makes lines of 76 digits.
  private static let bytesPerLine = 57
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

  /// The bytes that ``append(_:to:)`` appends for `count` bytes.
  static func length(of count: Int) -> Int {
    let lines = (count + bytesPerLine - 1) / bytesPerLine
    return (count + 2) / 3 * 4 + lines * (mark.count + 1)
  }

  /// Appends `bytes` as lines; nothing where there are none.
  static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
    text.append(atMost: length(of: bytes.count)) { output in
      var start = 0
      while start < bytes.count {
        let end = min(start + bytesPerLine, bytes.count)
        output.append(mark)
        appendLine(of: bytes.span.extracting(start..<end), to: &output)
        output.append(UInt8(ascii: "\n"))
        start = end
      }
    }
  }

  private static func appendLine(of bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
    let digits = alphabet
    var offset = 0
    while offset + 3 <= bytes.count {
      let group =
        UInt32(bytes[offset]) << 16 | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2])
      output.append(digits[Int(group >> 18)])
      output.append(digits[Int(group >> 12 & 63)])
      output.append(digits[Int(group >> 6 & 63)])
      output.append(digits[Int(group & 63)])
      offset += 3
    }
    if offset == bytes.count { return }
    let isPair = bytes.count - offset == 2
    let group = UInt32(bytes[offset]) << 16 | (isPair ? UInt32(bytes[offset + 1]) << 8 : 0)
    output.append(digits[Int(group >> 18)])
    output.append(digits[Int(group >> 12 & 63)])
    output.append(isPair ? digits[Int(group >> 6 & 63)] : padding)
    output.append(padding)
  }

  /// The bytes that lines of ``append(_:to:)`` stand for; `nil` where these are none of its lines.
  static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, digit) in alphabet.enumerated() { values[Int(digit)] = UInt8(value) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count * 3 / 4)
    var rest = text
    while !rest.isEmpty {
      guard rest.starts(with: mark), let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
        return nil
      }
      guard decodeLine(rest[(rest.startIndex + mark.count)..<end], values, to: &bytes) else {
        return nil
      }
      rest = rest[(end + 1)...]
    }
    return bytes
  }

  private static func decodeLine(
    _ line: ArraySlice<UInt8>, _ values: [UInt8], to bytes: inout [UInt8]
  ) -> Bool {
    guard line.count % 4 == 0 else { return false }
    var index = line.startIndex
    while index < line.endIndex {
      let isLast = index + 4 == line.endIndex
      let padded = isLast ? line[index..<(index + 4)].reversed().prefix { $0 == padding }.count : 0
      guard padded <= 2 else { return false }
      var group: UInt32 = 0
      for position in index..<(index + 4 - padded) {
        let value = values[Int(line[position])]
        guard value != 0xFF else { return false }
        group = group << 6 | UInt32(value)
      }
      group <<= UInt32(6 * padded)
      bytes.append(UInt8(truncatingIfNeeded: group >> 16))
      if padded < 2 { bytes.append(UInt8(truncatingIfNeeded: group >> 8)) }
      if padded < 1 { bytes.append(UInt8(truncatingIfNeeded: group)) }
      index += 4
    }
    return true
  }
}
