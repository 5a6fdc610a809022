package import NetworkTypes

// The pieces that text is made of, for rows of which there may be hundreds of thousands.
extension OutputSpan where Element == UInt8 {
  /// Appends `text`.
  ///
  /// - Requires: there is room for it.
  package mutating func append(text: String) {
    let source = text.utf8Span.span
    for index in source.indices { append(source[index]) }
  }

  /// Appends at most `limit` bytes of `text`, quotes as `'`, backslashes as `/`, and what is not
  /// printable ASCII as `?`.
  ///
  /// - Requires: there is room for it.
  /// - Returns: the number of bytes appended.
  @discardableResult
  package mutating func append(quotable text: String, limit: Int) -> Int {
    let source = text.utf8Span.span
    let count = min(limit, source.count)
    for index in 0..<count { append(quotable(source[index])) }
    return count
  }

  /// Appends `file:line` as ``append(quotable:limit:)`` does, the file as ``append(fileOfLine:limit:)``
  /// has it: whatever is left out, the line is told.
  ///
  /// - Requires: there is room for it.
  /// - Returns: the number of bytes appended.
  @discardableResult
  package mutating func append(quotable origin: Origin, limit: Int) -> Int {
    let start = count
    append(fileOfLine: origin.file, limit: limit)
    append(UInt8(ascii: ":"))
    append(decimal: UInt64(origin.line))
    return count - start
  }

  /// Appends the name of a file before a line's number: whole, or its end behind `...` where both
  /// would not fit into `limit` bytes.
  ///
  /// - Requires: there is room for it.
  package mutating func append(fileOfLine name: String, limit: Int) {
    // A colon, and the longest number of a line.
    let room = limit - 11
    let source = name.utf8Span.span
    var start = 0
    if source.count > room {
      append(text: "...")
      start = source.count - (room - 3)
    }
    for index in start..<source.count { append(quotable(source[index])) }
  }

  /// Appends dotted-quad or RFC 5952 text: 39 bytes at most.
  package mutating func append(address: IPAddress) {
    switch address {
    case .ipv4(let address): append(quad: address.bits)
    case .ipv6(let address): append(text: address.description)
    }
  }

  /// Appends `80` or `8000-8010`: 11 bytes at most.
  package mutating func append(ports: PortRange, separator: UInt8 = UInt8(ascii: "-")) {
    append(decimal: UInt64(ports.lower))
    if ports.lower == ports.upper { return }
    append(separator)
    append(decimal: UInt64(ports.upper))
  }

  private func quotable(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "\""): UInt8(ascii: "'")
    case UInt8(ascii: "\\"): UInt8(ascii: "/")
    case 0x20...0x7E: byte
    default: UInt8(ascii: "?")
    }
  }
}
