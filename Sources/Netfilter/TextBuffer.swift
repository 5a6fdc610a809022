package import NetworkTypes

/// An append-only text of bytes, for output that may have hundreds of thousands of lines.
@usableFromInline
package struct TextBuffer: Sendable {
  /// What was appended so far.
  @usableFromInline
  package internal(set) var bytes: [UInt8]

  /// An empty text with room for `capacity` bytes.
  package init(capacity: Int = 4096) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// The number of bytes so far.
  package var count: Int { bytes.count }

  /// Appends one byte.
  /// Appends one byte.
  package mutating func append(_ byte: UInt8) { bytes.append(byte) }
  /// Appends bytes as they are.
  /// Appends bytes as they are.
  package mutating func append(_ text: [UInt8]) { bytes.append(contentsOf: text) }
  /// Appends the UTF-8 of `text`.
  /// Appends the UTF-8 of `text`.
  package mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Removes the last `count` bytes.
  ///
  /// - Requires: there are as many.
  package mutating func removeLast(_ count: Int) { bytes.removeLast(count) }

  /// Appends what `write` writes.
  ///
  /// - Parameter capacity: the most bytes that it may write.
  @inlinable @inline(__always)
  package mutating func append(
    atMost capacity: Int, _ write: (inout OutputSpan<UInt8>) -> Void
  ) {
    bytes.append(atMost: capacity, write)
  }

  /// Appends `number` in decimal.
  package mutating func append(decimal number: UInt64) {
    append(atMost: 20) { $0.append(decimal: number) }
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
    append(atMost: 39) { $0.append(address: address) }
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
    append(atMost: 11) { $0.append(ports: ports, separator: separator) }
  }

  /// Appends at most `limit` bytes of `text` in a form that is safe between double quotes.
  ///
  /// Quotes become `'`, backslashes `/`, and what is not printable ASCII `?`.
  /// - Returns: the number of bytes appended.
  @discardableResult
  package mutating func append(quotable text: String, limit: Int) -> Int {
    var count = 0
    append(atMost: min(limit, text.utf8.count)) {
      count = $0.append(quotable: text, limit: limit)
    }
    return count
  }
  /// Appends the name of a file before a line's number; see ``OutputSpan/append(fileOfLine:limit:)``.
  package mutating func append(fileOfLine name: String, limit: Int) {
    append(atMost: limit) { $0.append(fileOfLine: name, limit: limit) }
  }

  /// Appends `file:line` in a form that is safe between double quotes, in at most `limit` bytes.
  ///
  /// - Returns: the number of bytes appended.
  package mutating func append(quotable origin: Origin, limit: Int) -> Int {
    var count = 0
    append(atMost: limit) { count = $0.append(quotable: origin, limit: limit) }
    return count
  }
}

extension [UInt8] {
  /// Appends what `write` writes.
  ///
  /// - Parameter capacity: the most bytes that it may write; it is called for none, too.
  @inlinable @inline(__always)
  package mutating func append(
    atMost capacity: Int, _ write: (inout OutputSpan<UInt8>) -> Void
  ) {
    // Room for nothing is in the storage that all empty arrays share, and the library writes the new
    // count there, while other threads read it.
    append(addingCapacity: Swift.max(1, capacity), initializingWith: write)
  }
}
