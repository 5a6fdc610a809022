import Foundation

/// A fenced block of a page.
struct CodeBlock: Sendable {
  /// The page, from the root of the repository.
  let page: String
  /// The line of the opening fence, from 1.
  let line: Int
  /// What follows the opening fence.
  let info: String
  let text: String
  /// The line before the fence, if it is a comment.
  let comment: String?

  var place: String { "\(page):\(line)" }

  /// Every fenced block of every page.
  static func all() throws -> [CodeBlock] {
    try Pages.all().flatMap { try blocks(of: $0) }
  }

  static func blocks(of page: String) throws -> [CodeBlock] {
    var result: [CodeBlock] = []
    var start: Int?
    let lines = try Pages.text(page).split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where line.hasPrefix("```") {
      guard let first = start else {
        start = index
        continue
      }
      start = nil
      let body = lines[(first + 1)..<index].map { $0 + "\n" }.joined()
      let above = first > 0 ? String(lines[first - 1]) : ""
      result.append(
        CodeBlock(
          page: page, line: first + 1, info: String(lines[first].dropFirst(3)), text: body,
          comment: above.hasPrefix("<!--") ? above : nil))
    }
    return result
  }
}

/// The pages of the repository.
enum Pages {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Every page, by its path from the root.
  static func all() throws -> [String] {
    let top = ["README.md", "CONTRIBUTING.md", "golden/README.md", "Examples/README.md"]
    let manager = FileManager.default
    let docs =
      manager.enumerator(atPath: root.appending(path: "Docs").path)?
      .compactMap { $0 as? String } ?? []
    return top + docs.filter { $0.hasSuffix(".md") }.sorted().map { "Docs/\($0)" }
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }
}
