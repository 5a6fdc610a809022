package import Diagnostics

/// Says what is wrong with the bytes of a file before anybody reads them as a policy: text that is
/// not UTF-8, NUL bytes, controls that reorder text, and notes about CR LF and tabs.
///
/// - Complexity: O(bytes); plain text is passed over at memory speed.
package func checkText(_ source: SourceText, log: inout DiagnosticLog) {
  let check = TextCheck(source: source)
  guard check.isSuspicious else { return }
  check.encoding(log: &log)
  check.controls(log: &log)
  check.lineEnds(log: &log)
  check.tabs(log: &log)
}

/// The checks of the bytes of one file.
private struct TextCheck {
  let source: SourceText
  private var bytes: [UInt8] { source.bytes }

  /// So many bidirectional controls are told of one file.
  private static let controlLimit = 20

  init(source: SourceText) { self.source = source }

  /// Whether there is any byte but line feeds and printable ASCII.
  var isSuspicious: Bool {
    // No branches and an end at the end only, so that the machine looks at many bytes at once.
    var found: UInt8 = 0
    for byte in source.bytes {
      let isOutside: UInt8 = byte &- 0x20 >= 0x5F ? 1 : 0
      let isLineFeed: UInt8 = byte == UInt8(ascii: "\n") ? 1 : 0
      found |= isOutside ^ isLineFeed
    }
    return found != 0
  }

  func encoding(log: inout DiagnosticLog) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      log.add(.invalidUTF8(error.byteOffsets, at: span(error.byteOffsets)))
    }
    if let index = bytes.firstIndex(of: 0) {
      let end = bytes[index...].firstIndex { $0 != 0 } ?? bytes.endIndex
      log.add(.nullByte(index..<end, at: span(index..<end)))
    }
  }

  func controls(log: inout DiagnosticLog) {
    var count = 0
    for index in bytes.indices where bytes[index] >= 0x80 && count < Self.controlLimit {
      guard let control = bidirectionalControl(at: index) else { continue }
      log.add(.bidirectionalControl(control.scalar, at: span(index..<index + control.length)))
      count += 1
    }
  }

  /// The control that starts at `index`: U+061C, U+200E, U+200F, U+202A-202E or U+2066-2069.
  private func bidirectionalControl(at index: Int) -> (scalar: UInt32, length: Int)? {
    let second = index + 1 < bytes.count ? bytes[index + 1] : 0
    let third = index + 2 < bytes.count ? bytes[index + 2] : 0
    switch (bytes[index], second, third) {
    case (0xD8, 0x9C, _): return (0x061C, 2)
    case (0xE2, 0x80, 0x8E...0x8F), (0xE2, 0x80, 0xAA...0xAE):
      return (0x2000 + UInt32(third) - 0x80, 3)
    case (0xE2, 0x81, 0xA6...0xA9): return (0x2040 + UInt32(third) - 0x80, 3)
    default: return nil
    }
  }

  func lineEnds(log: inout DiagnosticLog) {
    var returns: [Range<Int>] = []
    for index in bytes.indices.dropLast()
    where bytes[index] == UInt8(ascii: "\r") && bytes[index + 1] == UInt8(ascii: "\n") {
      returns.append(index..<index + 1)
    }
    guard let first = returns.first else { return }
    let edits = returns.map { TextEdit(span($0), replacement: "") }
    log.add(.carriageReturns(at: span(first), edits: edits))
  }

  func tabs(log: inout DiagnosticLog) {
    var isIndentation = true
    for index in bytes.indices {
      switch bytes[index] {
      case UInt8(ascii: "\n"): isIndentation = true
      case UInt8(ascii: "\t") where isIndentation:
        log.add(.tabIndentation(at: span(index..<index + 1)))
        return
      case UInt8(ascii: " "), UInt8(ascii: "\t"): continue
      default: isIndentation = false
      }
    }
  }

  private func span(_ range: Range<Int>) -> SourceSpan {
    SourceSpan(
      file: source.file, start: UInt32(range.lowerBound), end: UInt32(range.upperBound))
  }
}
