import Testing

/// What other targets use says what it promises.
///
/// Stored properties and memberwise initializers may leave it to their type, and operators and
/// `description` to the protocol that asks for them.
@Suite struct DocumentationCommentTests {
  @Test func packageDeclarationsSayWhatTheyAre() throws {
    for file in try Repository.swiftFiles(below: "Sources") {
      #expect(Self.undocumented(file) == [], "\(file.path)")
    }
  }

  @Test func findsWhatIsMissing() {
    let file = SwiftFile(
      path: "x.swift",
      text: """
        package struct Bare {
          package let stored: Int
          package var computed: Int { 1 }
          package func method() {}
          package static func < (left: Self, right: Self) -> Bool { false }
          package init(stored: Int) {}
        }
        /// Documented.
        @frozen
        package enum Fine {}
        """)
    #expect(Self.undocumented(file) == ["x.swift:1", "x.swift:3", "x.swift:4"])
  }

  private static func undocumented(_ file: SwiftFile) -> [String] {
    file.codeLines.indices.filter { index in
      needsDocumentation(file.codeLines[index]) && !isDocumented(file.lines, index)
    }.map { "\(file.path):\($0 + 1)" }
  }

  private static func isDocumented(_ lines: [String], _ index: Int) -> Bool {
    let above = lines[..<index].map { $0.drop { $0 == " " } }.reversed()
    return above.first { !$0.hasPrefix("@") }?.hasPrefix("///") ?? false
  }

  private static func needsDocumentation(_ line: String) -> Bool {
    var words = line.split(separator: " ")
    guard words.first == "package" else { return false }
    words.removeFirst()
    words.removeAll { modifiers.contains($0) }
    guard let keyword = words.first, words.count > 1 else { return false }
    switch keyword {
    case "struct", "enum", "class", "actor", "protocol", "typealias", "subscript": return true
    case "func": return !isWitness(words[1])
    case "var":
      return line.contains("{") && !line.contains(" = ") && !isWitness(words[1])
    default: return keyword.hasPrefix("subscript(")
    }
  }

  private static let modifiers: Set<Substring> = [
    "static", "mutating", "consuming", "borrowing", "indirect", "final", "nonisolated",
  ]

  private static func isWitness(_ name: Substring) -> Bool {
    ["<", "==", "hash(into", "description:", "family:", "span:"].contains { name.hasPrefix($0) }
  }
}
