import Testing

/// What the house rules forbid, and where.
@Suite struct BannedCodeTests {
  private let sources: [SwiftFile]

  init() throws { sources = try Repository.swiftFiles(below: "Sources") }

  private func places(_ isFound: (String) -> Bool) -> [String] {
    sources.flatMap { $0.places(where: isFound) }
  }

  @Test func thereAreSources() {
    #expect(sources.count > 50)
  }

  /// A bug traps as `preconditionFailure` with a sentence; anything else is a value or a
  /// diagnostic.
  @Test(arguments: [
    "fatalError(", "try!", "as!", "@unchecked", "nonisolated(unsafe)", "@testable",
    "assertionFailure(",
  ])
  func isNowhere(_ word: String) {
    #expect(places { $0.contains(word) } == [])
  }

  @Test(arguments: ["public", "open"])
  func accessLevelIsNowhere(_ word: String) {
    let declarations: Set = ["class", "func", "var", "let", "struct", "enum", "init", "static"]
    let found = places { line in
      let words = line.words
      return words.count > 1 && words[0] == word && declarations.contains(words[1])
    }
    #expect(found == [])
  }

  @Test func noStateOutsideValues() {
    #expect(places(Self.isStoredStaticVariable) == [])
    #expect(places(Self.isTopLevelVariable) == [])
  }

  private static func isStoredStaticVariable(_ line: String) -> Bool {
    line.contains("static var ") && (!line.contains("{") || line.contains(" = "))
  }

  private static func isTopLevelVariable(_ line: String) -> Bool {
    ["var ", "private var ", "package var ", "fileprivate var "].contains { line.hasPrefix($0) }
      && (!line.contains("{") || line.contains(" = "))
  }

  @Test func recognizesState() {
    #expect(Self.isStoredStaticVariable("  static var count = 0"))
    #expect(Self.isStoredStaticVariable("  package static var count: Int"))
    #expect(!Self.isStoredStaticVariable("  static var all: [Self] { [] }"))
    #expect(Self.isTopLevelVariable("package var count = 0"))
    #expect(!Self.isTopLevelVariable("  var count = 0"))
  }

  @Test func unsafeCodeIsWhereTheSystemIsCalled() {
    let found = places { $0.words.contains("unsafe") }
    let folders = ["Sources/Host/", "Sources/NetlinkBackend/"]
    for folder in folders {
      #expect(found.contains { $0.hasPrefix(folder) }, "the search finds what there is")
    }
    #expect(found.filter { place in !folders.contains { place.hasPrefix($0) } } == [])
  }

  @Test func nothingIsLeftForLater() throws {
    let markers = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]
    for file in sources + (try Repository.swiftFiles(below: "Tests")) {
      for (index, line) in file.lines.enumerated() {
        #expect(!line.words.contains { markers.contains($0) }, "\(file.path):\(index + 1)")
      }
    }
  }
}

extension String {
  /// The runs of letters, digits and `_`.
  var words: [String] {
    split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
  }
}
