import Foundation
import Netfilter
import Testing

/// A policy of the corpus, and the directory of what it must compile to.
struct GoldenCase: Sendable {
  /// `noun/case`.
  let name: String
  let directory: URL
  let policy: URL
  /// What stands in `options`.
  let options: GoldenOptions

  /// The nouns under `golden` that other tests read, each in a form of its own.
  static let foreignNouns: Set<String> = ["diagnostics", "diff", "test", "trace"]

  /// The noun whose cases have their policies in `Examples`.
  static let exampleNoun = "examples"

  /// Every case, in the order of names.
  static func all() throws -> [GoldenCase] {
    var cases: [GoldenCase] = []
    for noun in try nouns() where noun != exampleNoun {
      let folder = Repository.golden.appending(path: noun)
      for name in try Repository.entries(of: folder) {
        let directory = folder.appending(path: name)
        cases.append(
          try GoldenCase("\(noun)/\(name)", directory, directory.appending(path: "input.ward")))
      }
    }
    return try cases + examples()
  }

  static func nouns() throws -> [String] {
    try Repository.entries(of: Repository.golden).filter { name in
      !foreignNouns.contains(name)
        && Repository.isDirectory(Repository.golden.appending(path: name))
    }
  }

  private static func examples() throws -> [GoldenCase] {
    try Repository.entries(of: Repository.examples).filter { $0.hasSuffix(".ward") }.map { file in
      let name = "\(exampleNoun)/\(file.dropLast(5))"
      return try GoldenCase(
        name, Repository.golden.appending(path: name), Repository.examples.appending(path: file))
    }
  }

  private init(_ name: String, _ directory: URL, _ policy: URL) throws {
    self.name = name
    self.directory = directory
    self.policy = policy
    let file = directory.appending(path: "options")
    let text = FileManager.default.fileExists(atPath: file.path) ? try Repository.text(file) : ""
    options = try GoldenOptions(text)
  }
}

extension GoldenCase {
  /// Whether its policy is one of `Examples`.
  var isExample: Bool { name.hasPrefix(Self.exampleNoun + "/") }
}

extension GoldenCase: CustomTestStringConvertible {
  var testDescription: String { name }
}

/// Options of `compile` that a case asks for.
struct GoldenOptions: Sendable {
  private(set) var host: String?
  /// What the kernel is taken to be able to do.
  private(set) var assumed: Set<Capability> = []

  init(_ text: String) throws {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    for index in stride(from: 0, to: words.count, by: 2) {
      let option = words[index]
      try #require(index + 1 < words.count, "\(option) has no value")
      let value = words[index + 1]
      switch option {
      case "--host": host = value
      case "--assume":
        assumed.insert(try #require(Capability(rawValue: value), "no capability is \(value)"))
      default: throw UnknownOption(option: option)
      }
    }
  }

  struct UnknownOption: Error { let option: String }
}
