import Testing

/// Files and folders stay small enough to be read at one sitting.
@Suite struct FileBudgetTests {
  private static let longestFile = 400
  private static let fullestFolder = 16

  private static let topLevel: Set<String> = [
    "Package.swift", "Package.resolved", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE",
    "Makefile", "Grammar", "golden", "Sources", "Tests", "Docs", "Examples", "Benchmarks",
    "Packaging",
  ]

  @Test func nothingLiesAroundAtTheTop() throws {
    let entries = try Repository.topLevelEntries()
    #expect(entries.contains("Package.swift"))
    #expect(entries.filter { !Self.topLevel.contains($0) } == [])
  }

  @Test(arguments: ["Sources", "Tests", "Benchmarks"])
  func filesAreShort(folder: String) throws {
    for file in try Repository.swiftFiles(below: folder) {
      #expect(file.lines.count <= Self.longestFile + 1, "\(file.path)")
    }
  }

  @Test func foldersAreSmall() throws {
    let paths = try Repository.paths(below: "Sources", extension: "swift")
    let folders = Dictionary(grouping: paths) { path in
      path.split(separator: "/").dropLast().joined(separator: "/")
    }
    for (folder, files) in folders {
      #expect(files.count <= Self.fullestFolder, "\(folder)")
      // Sources, the target, and one level more.
      #expect(folder.split(separator: "/").count <= 4, "\(folder)")
    }
  }
}
