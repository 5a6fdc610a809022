import Diagnostics
import Foundation
import Syntax

/// Answers, for every sentence on standard input, whether the parser takes it: `1` or `0` a line.
///
/// A sentence is its number of bytes in decimal, a line feed, and its bytes. It is taken if it has
/// neither a syntax error nor an error of its encoding.
@main
struct Probe {
  static func main() {
    let input = [UInt8](FileHandle.standardInput.readDataToEndOfFile())
    var answers = ""
    var offset = 0
    while let newline = input[offset...].firstIndex(of: UInt8(ascii: "\n")),
      let count = Int(String(decoding: input[offset..<newline], as: UTF8.self))
    {
      offset = newline + 1 + count
      answers += accepts(Array(input[newline + 1..<offset])) ? "1\n" : "0\n"
    }
    print(answers, terminator: "")
  }

  private static func accepts(_ bytes: [UInt8]) -> Bool {
    let source = SourceText(name: "<stdin>", file: 0, bytes: bytes)
    var log = DiagnosticLog()
    checkText(source, log: &log)
    _ = parse(source, log: &log)
    return !log.sorted.contains { diagnostic in
      switch diagnostic.id {
      case .syntaxError, .nameReserved, .textEncoding, .textBidi: true
      default: false
      }
    }
  }
}
