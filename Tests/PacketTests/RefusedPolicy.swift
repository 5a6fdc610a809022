import Diagnostics
import Driver
import Foundation

/// A policy that the compiler must not take: a peer's case that is an error here or there.
///
/// It begins with `# C63: …` and says on each line of a mistake which one it is: `#! address-invalid`.
struct RefusedPolicy: Sendable, CustomStringConvertible {
  let name: String
  let number: Int
  /// The line, from 1, and the id of each error.
  let errors: [Mistake]
  private let path: String

  /// An error, and where it stands.
  struct Mistake: Hashable, Sendable {
    let line: Int
    let id: String
  }

  var description: String { name }

  /// All of them, sorted by name.
  static func all() throws -> [RefusedPolicy] {
    let directory = "\(Scenario.testDirectory)/Conformance/Refused"
    return try FileManager.default.contentsOfDirectory(atPath: directory).sorted().map { file in
      try RefusedPolicy(path: "\(directory)/\(file)")
    }
  }

  private init(path: String) throws {
    self.path = path
    name = URL(filePath: path).deletingPathExtension().lastPathComponent
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let title = lines.first?.dropFirst(2).prefix { $0 != ":" } ?? ""
    guard let number = PeerCase.number(String(title)) else {
      throw PolicyRefused(file: path, reasons: ["the first line names no case"])
    }
    self.number = number
    errors = lines.enumerated().compactMap { index, line in
      line.split(separator: "#! ").dropFirst().first.map {
        Mistake(line: index + 1, id: $0.trimmingCharacters(in: .whitespaces))
      }
    }
  }

  /// What the compiler finds.
  func found() throws -> [Mistake] {
    let compilation = try Compiler().compile([.path(path)])
    return compilation.log.sorted.filter { $0.severity == .error }.map { error in
      let line = error.span.map { Int(compilation.sources.line(of: $0)) }
      return Mistake(line: line ?? 0, id: error.id.rawValue)
    }
  }
}
