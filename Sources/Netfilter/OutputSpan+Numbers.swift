// What the rows of large maps consist of. All of it is inlined into its callers, because only then
// the place of the next byte stays in a register.
extension OutputSpan where Element == UInt8 {
  /// Appends bytes as they are.
  ///
  /// - Requires: there is room for them.
  @inlinable @inline(__always)
  package mutating func append(_ bytes: [UInt8]) {
    let source = bytes.span
    for index in source.indices { append(source[index]) }
  }

  /// Appends `number` in decimal: 20 bytes at most.
  @inlinable @inline(__always)
  package mutating func append(decimal number: UInt64) {
    if number < 100_000 {
      append(small: UInt32(truncatingIfNeeded: number))
    } else {
      append(large: number)
    }
  }

  /// Appends `number` in decimal, without a call: ten bytes at most.
  @inlinable @inline(__always)
  package mutating func append(decimal number: UInt32) {
    guard number >= 100_000 else { return append(small: number) }
    append(small: number / 100_000)
    append(fiveDigits: number % 100_000)
  }

  /// Appends a number below 100 000. Divisors known beforehand cost multiplications only.
  @inlinable @inline(__always)
  package mutating func append(small number: UInt32) {
    if number >= 10000 { append(digit: number / 10000) }
    if number >= 1000 { append(digit: number / 1000 % 10) }
    if number >= 100 { append(digit: number / 100 % 10) }
    if number >= 10 { append(digit: number / 10 % 10) }
    append(digit: number % 10)
  }

  /// Appends any number.
  @usableFromInline
  package mutating func append(large number: UInt64) {
    guard number >= 100_000 else { return append(small: UInt32(number)) }
    append(large: number / 100_000)
    append(fiveDigits: UInt32(number % 100_000))
  }

  /// Appends a number below 100 000 with zeros before it.
  @inlinable @inline(__always)
  package mutating func append(fiveDigits number: UInt32) {
    append(digit: number / 10000)
    append(digit: number / 1000 % 10)
    append(digit: number / 100 % 10)
    append(digit: number / 10 % 10)
    append(digit: number % 10)
  }

  /// Appends a number below 10.
  @inlinable @inline(__always)
  package mutating func append(digit: UInt32) {
    append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit))
  }

  /// Appends the dotted quad of an IPv4 address in host byte order: 15 bytes at most.
  @inlinable @inline(__always)
  package mutating func append(quad bits: UInt32) {
    append(octet: bits >> 24)
    append(UInt8(ascii: "."))
    append(octet: bits >> 16 & 255)
    append(UInt8(ascii: "."))
    append(octet: bits >> 8 & 255)
    append(UInt8(ascii: "."))
    append(octet: bits & 255)
  }

  /// Appends a number below 256.
  @inlinable @inline(__always)
  package mutating func append(octet: UInt32) {
    if octet >= 100 { append(digit: octet / 100) }
    if octet >= 10 { append(digit: octet / 10 % 10) }
    append(digit: octet % 10)
  }
}
