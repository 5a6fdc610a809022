import Foundation

/// What a test, a golden or an issue of another project says of packets, and what is here of it.
struct PeerCase: Sendable {
  /// From 1.
  let number: Int
  /// The project, and its file, test or issue.
  let source: String
  /// What holds there, in words of our own.
  let fact: String
  /// Where this product deliberately asks for something else, or for more.
  let difference: String?
  /// Tests besides probes and refused policies.
  let tests: [NamedTest]
  /// Why there is no test.
  let omission: String?

  /// A test function of this package.
  struct NamedTest: Hashable, Sendable {
    /// Below `Tests`, without its ending.
    let file: String
    let function: String
  }

  struct ParseError: Error, CustomStringConvertible {
    let line: Int
    let message: String

    var description: String { "line \(line): \(message)" }
  }

  /// How many there are.
  static let count = 87

  var name: String { Self.name(number) }

  /// `C07` for 7.
  static func name(_ number: Int) -> String { "C\(number < 10 ? "0" : "")\(number)" }

  /// Reads `C07`.
  static func number(_ name: String) -> Int? {
    guard name.count == 3, name.hasPrefix("C") else { return nil }
    return Int(name.dropFirst())
  }

  /// The project's name: what stands before the first comma or semicolon of the source.
  var project: String { String(source.prefix { $0 != "," && $0 != ";" }) }

  /// All cases of `Conformance/cases.txt`, in their order.
  static func all() throws -> [PeerCase] {
    let path = "\(Scenario.testDirectory)/Conformance/cases.txt"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var entries: [Entry] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty && !line.hasPrefix("#") {
      if let number = number(String(line)) {
        entries.append(Entry(number: number, line: index + 1))
      } else {
        guard !entries.isEmpty else { throw ParseError(line: index + 1, message: "of which case?") }
        try entries[entries.count - 1].read(line, at: index + 1)
      }
    }
    return try entries.map { try $0.value }
  }

  /// A case half read.
  private struct Entry {
    let number: Int
    let line: Int
    var fields: [String: String] = [:]
    var tests: [NamedTest] = []

    init(number: Int, line: Int) {
      self.number = number
      self.line = line
    }

    mutating func read(_ line: Substring, at place: Int) throws(ParseError) {
      for key in ["source ", "fact ", "ours ", "left out ", "test "] where line.hasPrefix(key) {
        let value = String(line.dropFirst(key.count))
        if key == "test " { return try readTest(value, at: place) }
        guard fields.updateValue(value, forKey: key) == nil else { break }
        return
      }
      throw ParseError(line: place, message: "cannot read: \(line)")
    }

    private mutating func readTest(_ value: String, at place: Int) throws(ParseError) {
      let words = value.split(separator: " ").map(String.init)
      guard words.count == 2 else { throw ParseError(line: place, message: "no test \(value)") }
      tests.append(NamedTest(file: words[0], function: words[1]))
    }

    var value: PeerCase {
      get throws {
        guard let source = fields["source "], let fact = fields["fact "] else {
          throw ParseError(line: line, message: "a case has a source and a fact")
        }
        return PeerCase(
          number: number, source: source, fact: fact, difference: fields["ours "], tests: tests,
          omission: fields["left out "])
      }
    }
  }
}
