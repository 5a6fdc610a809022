import Foundation
import Syntax
import Testing

/// The grammar and the tree have the same words: `Grammar/ward.lark` names what `Sources/Syntax`
/// names.
struct GrammarSyncTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func quotedWordsAreTheKeywords() throws {
    let text = try grammar().replacing(/\/\/.*/, with: "")
    let words = text.matches(of: /"([a-z][a-z0-9-]*)"/).map { String($0.output.1) }
    #expect(Set(words).sorted() == Keyword.allCases.map(\.rawValue).sorted())
  }

  /// A production that lists alternatives, and the node whose cases they are.
  static let nodes = [
    Node(rule: "declaration", file: "Declaration", suffixes: ["_declaration", "_statement"]),
    Node(rule: "statement", file: "Statement", suffixes: ["_statement"]),
    Node(rule: "attachment_statement", file: "AttachmentStatement", suffixes: ["_attachment"]),
    Node(rule: "clause_syntax", file: "ClauseSyntax", suffixes: ["_clause", "_syntax"]),
  ]

  struct Node: CustomTestStringConvertible, Sendable {
    let rule: String
    let file: String
    let suffixes: [String]

    var testDescription: String { rule }
  }

  @Test(arguments: nodes)
  func alternativesAreTheCases(_ node: Node) throws {
    let alternatives = try alternatives(of: node.rule).map { name in
      node.suffixes.first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) } ?? name
    }
    #expect(alternatives.sorted() == (try cases(of: node.file)).sorted())
  }

  /// Every alternative is a production of its own.
  @Test(arguments: nodes)
  func alternativesAreProductions(_ node: Node) throws {
    let productions = try productions()
    for alternative in try alternatives(of: node.rule) {
      #expect(productions.filter { $0 == alternative }.count == 1)
    }
  }

  /// Every node of the tree has a production of its name.
  @Test func nodesAreProductions() throws {
    let folder = Self.root.appending(path: "Sources/Syntax/Tree").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let text = try files.map { try read("Sources/Syntax/Tree/\($0)") }.joined()
    let names = text.matches(
      of: /\npackage (?:struct|enum) (\w+(?:Statement|Declaration|Syntax)) ?[:{]/)
    #expect(names.count > 10)
    let productions = try productions()
    for name in names { #expect(productions.contains(snakeCase(String(name.output.1)))) }
  }

  private func grammar() throws -> String { try read("Grammar/ward.lark") }

  private func productions() throws -> [String] {
    try grammar().matches(of: /\n\??([a-z_]+):/).map { String($0.output.1) }
  }

  private func read(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
  }

  /// The names on the right side of a production, to the next empty line.
  private func alternatives(of rule: String) throws -> [String] {
    let text = try grammar()
    let start = try #require(text.range(of: "\n?\(rule): "))
    let end = try #require(text.range(of: "\n\n", range: start.upperBound..<text.endIndex))
    return text[start.upperBound..<end.lowerBound].split { $0 == "|" || $0.isWhitespace }
      .map(String.init)
  }

  /// The cases of the enumeration that a file of the tree is named for, less `malformed`.
  private func cases(of file: String) throws -> [String] {
    let text = try read("Sources/Syntax/Tree/\(file).swift")
    let start = try #require(text.range(of: "enum \(file):"))
    let end = try #require(
      text.range(of: "package var span", range: start.upperBound..<text.endIndex))
    return text[start.upperBound..<end.lowerBound].matches(of: /\n  (?:indirect )?case `?(\w+)/)
      .map { snakeCase(String($0.output.1)) }.filter { $0 != "malformed" }
  }

  private func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { result, letter in
      if letter.isUppercase, !result.isEmpty { result += "_" }
      result += letter.lowercased()
    }
  }
}
