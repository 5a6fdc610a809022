/// Reads `KEY VALUE` lines in the one order that they have.
struct StateLines {
  private var rest: ArraySlice<Substring>

  /// - Parameter lines: Without the `# ` that makes them comments.
  init(_ lines: [Substring]) { rest = lines[...] }

  /// The value of the next line, which has this key.
  mutating func one<Value>(
    _ key: String, _ read: (String) -> Value?
  ) throws(StateDamage) -> Value {
    guard let text = value(of: key), let value = read(text) else { throw .line(key) }
    rest.removeFirst()
    return value
  }

  /// The values of the next lines, as long as they have this key.
  mutating func all<Value>(
    _ key: String, _ read: (String) -> Value?
  ) throws(StateDamage) -> [Value] {
    var values: [Value] = []
    while value(of: key) != nil { values.append(try one(key, read)) }
    return values
  }

  /// Refuses lines that nobody asked for.
  func end() throws(StateDamage) {
    if let line = rest.first { throw .line(String(line.prefix(20))) }
  }

  private func value(of key: String) -> String? {
    guard let line = rest.first, line.hasPrefix("\(key) ") else { return nil }
    return String(line.dropFirst(key.count + 1))
  }
}

/// Names as single words: white space, control bytes and `\` become `\xHH`.
enum StateWord {
  static func escaped(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
      if byte > 0x20, byte != 0x7F, byte != UInt8(ascii: "\\") {
        result.append(byte)
      } else {
        let digits = String(byte, radix: 16)
        result += Array("\\x\(digits.utf8.count == 1 ? "0" : "")\(digits)".utf8)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// What ``escaped(_:)`` was given; `nil` where it returns no such text.
  static func plain(_ text: String) -> String? {
    var result: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        result.append(byte)
        continue
      }
      guard rest.popFirst() == UInt8(ascii: "x"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else { return nil }
      result.append(value)
      rest = rest.dropFirst(2)
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// Why bytes are no file of ours that can be used.
enum StateDamage: Error, Hashable {
  /// They do not begin as ours do.
  case foreign
  /// A later release wrote them.
  case format(String)
  /// They end too early, or something came after.
  case end
  /// They are not those that were written.
  case checksum
  /// The line with this key does not say what it should.
  case line(String)
  /// The bytes of the snapshot are none.
  case snapshot

  var explanation: String {
    switch self {
    case .foreign: "it is no saved state of bridgeward"
    case .format(let number): "it has format \(number), and this release reads format 1"
    case .end: "its end is missing"
    case .checksum: "its checksum does not fit: it was damaged or changed by hand"
    case .line(let key): "its line `\(key)` cannot be understood"
    case .snapshot: "its snapshot cannot be understood"
    }
  }
}
