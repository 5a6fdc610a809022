/// Swift source with comments and the contents of strings blanked; lines stay where they are.
struct CodeText {
  private let bytes: [UInt8]
  private var result: [UInt8] = []
  private var index = 0

  static func strip(_ text: String) -> String {
    var stripper = CodeText(Array(text.utf8))
    stripper.code(until: nil)
    return String(decoding: stripper.result, as: UTF8.self)
  }

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    result.reserveCapacity(bytes.count)
  }

  private func starts(with text: String) -> Bool { bytes[index...].starts(with: text.utf8) }

  private mutating func keep() {
    result.append(bytes[index])
    index += 1
  }

  private mutating func keep(_ count: Int) {
    result += bytes[index..<min(index + count, bytes.count)]
    index += count
  }

  /// Passes over bytes; line feeds stay, so that lines keep their numbers.
  private mutating func skip(_ count: Int = 1) {
    for byte in bytes[index..<min(index + count, bytes.count)] where byte == UInt8(ascii: "\n") {
      result.append(byte)
    }
    index += count
  }

  /// Copies code up to the parenthesis that closes an interpolation, or to the end.
  private mutating func code(until closing: UInt8?) {
    var depth = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte != UInt8(ascii: "/"), byte != UInt8(ascii: "\"") {
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == closing {
          if depth == 0 { return keep() }
          depth -= 1
        }
        keep()
      } else if starts(with: "//") {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { skip() }
      } else if starts(with: "/*") {
        blockComment()
      } else if starts(with: "\"\"\"") {
        string(delimiter: "\"\"\"")
      } else if starts(with: "\"") {
        string(delimiter: "\"")
      } else {
        keep()
      }
    }
  }

  private mutating func blockComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
        skip(2)
      } else if starts(with: "*/") {
        depth -= 1
        skip(2)
      } else {
        skip()
      }
    } while depth > 0 && index < bytes.count
  }

  private mutating func string(delimiter: String) {
    keep(delimiter.utf8.count)
    while index < bytes.count, !starts(with: delimiter) {
      if starts(with: "\\(") {
        keep(2)
        code(until: UInt8(ascii: ")"))
      } else {
        skip(starts(with: "\\") ? 2 : 1)
      }
    }
    keep(delimiter.utf8.count)
  }
}
