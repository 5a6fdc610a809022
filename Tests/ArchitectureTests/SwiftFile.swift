/// A Swift file, as written and as the compiler sees it.
struct SwiftFile {
  /// Relative to the root of the repository.
  let path: String
  let lines: [String]
  /// The lines without comments and without the contents of strings.
  let codeLines: [String]

  init(path: String, text: String) {
    self.path = path
    lines = Self.split(text)
    codeLines = Self.split(CodeText.strip(text))
  }

  private static func split(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The modules of its import lines.
  var imports: [String] {
    codeLines.compactMap { line in
      let words = line.split(separator: " ")
      guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count,
        words[..<keyword].allSatisfy({ $0.hasPrefix("@") || Self.importModifiers.contains($0) })
      else { return nil }
      // `import struct Module.Name` has a kind between.
      let name = words[words.count - 1]
      return String(name.prefix { $0 != "." })
    }
  }

  private static let importModifiers: Set<Substring> = [
    "package", "internal", "fileprivate", "private", "public",
  ]

  /// `path:line: text` for every line whose code satisfies `isFound`.
  func places(where isFound: (String) -> Bool) -> [String] {
    zip(codeLines, lines).enumerated().compactMap { index, pair in
      isFound(pair.0) ? "\(path):\(index + 1): \(pair.1)" : nil
    }
  }
}
