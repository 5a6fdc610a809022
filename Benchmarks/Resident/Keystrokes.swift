import Diagnostics
import Driver
import Host

/// A policy in an editor: after each keystroke the whole text is parsed, resolved, checked and said
/// in rules again, as `bridgeward check` does it.
struct Keystrokes {
  private let name: String
  private let compiler = Compiler()
  private var text: [UInt8]
  /// Where the last digits of lines that publish are: of the port inside.
  private let digits: [Int]

  init(file: String) throws {
    name = file
    let bytes = try compiler.read([.path(file)]).sources[0].bytes
    text = bytes
    digits = bytes.split(separator: UInt8(ascii: "\n"))
      .filter { $0.starts(with: "    publish ".utf8) }
      .map { $0.endIndex - 1 }
  }

  consuming func run(times: Int) throws {
    let usual = findings()
    try require(!usual.hasErrors && !digits.isEmpty, "\(name) has lines with ports and no errors")
    var timings = Timings()
    for number in 0..<times {
      type(at: digits[number * 7919 % digits.count])
      let found = timings.measure { findings() }
      try require(found.sorted.count == usual.sorted.count, "the findings are the same")
    }
    try requireMistakeIsFound()
    try timings.tell("check")
  }

  private func findings() -> DiagnosticLog {
    var read = PolicySources()
    read.add(name: name, bytes: text)
    return compiler.compile(read).findings(of: [.nft])
  }

  /// Makes a digit the next one.
  private mutating func type(at place: Int) {
    text[place] = text[place] == UInt8(ascii: "9") ? UInt8(ascii: "0") : text[place] + 1
  }

  /// A port that is changed into its neighbor is published twice.
  private mutating func requireMistakeIsFound() throws {
    let arrow = Array(" -> ".utf8)
    let middle = digits[digits.count / 2]
    let place = (0..<middle).last { text[$0..<$0 + arrow.count].elementsEqual(arrow) }
    guard let place else { throw Failure("a line has an arrow") }
    type(at: place - 1)
    try require(findings().hasErrors, "a port that is published twice is found")
  }
}
