import NetworkTypes

/// Why port text is no port or port range.
enum PortProblem: Error {
  case zero
  case tooLarge
  case reversed
  case malformed
}

/// Reads `80` and `8000-8010`.
enum PortReader {
  static func read(_ text: String) throws(PortProblem) -> PortRange {
    var lower = 0
    var value = 0
    var digits = 0
    var isRange = false
    let bytes = text.utf8.span
    for index in bytes.indices {
      let byte = bytes[index]
      if byte == UInt8(ascii: "-"), !isRange, digits > 0 {
        lower = value
        isRange = true
        value = 0
        digits = 0
        continue
      }
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw .malformed }
      value = min(value * 10 + Int(byte - UInt8(ascii: "0")), 1 << 20)
      digits += 1
    }
    guard digits > 0 else { throw .malformed }
    if !isRange { lower = value }
    if lower == 0 || value == 0 { throw .zero }
    if lower > 65535 || value > 65535 { throw .tooLarge }
    if lower > value { throw .reversed }
    return PortRange(UInt16(lower), UInt16(value))
  }
}
