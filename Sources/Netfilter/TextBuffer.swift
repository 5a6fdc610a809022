package import NetworkTypes

/// An append-only text of bytes, for output that may have hundreds of thousands of lines.
package struct TextBuffer: Sendable {
  /// What was appended so far.
  package private(set) var bytes: [UInt8]
  /// The file of the last origin, and its name as it was appended: most lines have the same.
  private var originFile = ""
  private var originText: [UInt8] = []

  /// An empty text with room for `capacity` bytes.
  package init(capacity: Int = 4096) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// The number of bytes so far.
  package var count: Int { bytes.count }

  /// Makes room for `count` more bytes.
  package mutating func reserveCapacity(_ count: Int) {
    bytes.reserveCapacity(bytes.count + count)
  }

  /// Appends one byte.
  package mutating func append(_ byte: UInt8) { bytes.append(byte) }
  /// Appends bytes as they are.
  package mutating func append(_ text: [UInt8]) { bytes.append(contentsOf: text) }
  /// Appends the UTF-8 of `text`.
  package mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Removes the last `count` bytes.
  ///
  /// - Requires: there are as many.
  package mutating func removeLast(_ count: Int) { bytes.removeLast(count) }

  /// Appends `number` in decimal.
  ///
  /// - Returns: the number of digits.
  @discardableResult
  package mutating func append(decimal number: UInt64) -> Int {
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var first = digits.count
    var rest = number
    repeat {
      first -= 1
      digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    let start = first
    bytes.append(addingCapacity: 20) { (output: inout OutputSpan<UInt8>) in
      for index in start..<20 { output.append(digits[index]) }
    }
    return 20 - start
  }

  /// Appends `number` as `0x` and `digits` lower-case digits.
  package mutating func append(hexadecimal number: UInt128, digits: Int) {
    append("0x")
    for position in stride(from: 4 * (digits - 1), through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: number >> UInt128(position) & 15)
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }

  /// Appends dotted-quad or RFC 5952 text.
  package mutating func append(_ address: IPAddress) {
    switch address {
    case .ipv4(let address): append(quad: address.bits)
    case .ipv6(let address): append(address.description)
    }
  }

  /// Appends the address, the prefix, or `first-last`, whichever is exact and shortest.
  package mutating func append(_ range: AddressRange) {
    append(range.first)
    if range.lowerBits == range.upperBits { return }
    if let prefix = range.prefix {
      append(UInt8(ascii: "/"))
      append(decimal: UInt64(prefix.length))
    } else {
      append(UInt8(ascii: "-"))
      append(range.last)
    }
  }

  /// Appends `80` or `8000-8010`, with `separator` for the dash.
  package mutating func append(_ ports: PortRange, separator: UInt8 = UInt8(ascii: "-")) {
    append(decimal: UInt64(ports.lower))
    if ports.lower == ports.upper { return }
    append(separator)
    append(decimal: UInt64(ports.upper))
  }

  /// Appends at most `limit` bytes of `text` in a form that is safe between double quotes.
  ///
  /// Quotes become `'`, backslashes `/`, and what is not printable ASCII `?`.
  /// - Returns: the number of bytes appended.
  @discardableResult
  package mutating func append(quotable text: String, limit: Int) -> Int {
    var count = 0
    for byte in text.utf8 where count < limit {
      bytes.append(Self.quotable(byte))
      count += 1
    }
    return count
  }

  /// Appends `file:line` in a form that is safe between double quotes, or its first `limit` bytes.
  ///
  /// - Returns: the number of bytes appended.
  package mutating func append(quotable origin: Origin, limit: Int) -> Int {
    if origin.file != originFile {
      originFile = origin.file
      originText = origin.file.utf8.map(Self.quotable)
    }
    // The longest line number has ten digits.
    guard originText.count + 11 <= limit else {
      return append(quotable: origin.location, limit: limit)
    }
    bytes.append(contentsOf: originText)
    bytes.append(UInt8(ascii: ":"))
    return originText.count + 1 + append(decimal: UInt64(origin.line))
  }

  private static func quotable(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "\""): UInt8(ascii: "'")
    case UInt8(ascii: "\\"): UInt8(ascii: "/")
    case 0x20...0x7E: byte
    default: UInt8(ascii: "?")
    }
  }

  private mutating func append(quad bits: UInt32) {
    bytes.append(addingCapacity: 15) { (output: inout OutputSpan<UInt8>) in
      var shift: UInt32 = 24
      while true {
        let octet = UInt8(truncatingIfNeeded: bits >> shift)
        if octet >= 100 { output.append(UInt8(ascii: "0") + octet / 100) }
        if octet >= 10 { output.append(UInt8(ascii: "0") + octet / 10 % 10) }
        output.append(UInt8(ascii: "0") + octet % 10)
        if shift == 0 { return }
        output.append(UInt8(ascii: "."))
        shift -= 8
      }
    }
  }
}
