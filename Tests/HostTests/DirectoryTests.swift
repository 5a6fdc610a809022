import Foundation
import Host
import ScratchFiles
import Testing

struct DirectoryTests {
  private let directory: Scratch

  init() throws {
    directory = try Scratch()
    for name in ["b.ward", "a.ward", "B.ward", ".hidden.ward", "note.txt", "sub/c.ward"] {
      try directory.write(name)
    }
    try FileManager.default.createDirectory(
      atPath: directory.path + "/d.ward", withIntermediateDirectories: false)
  }

  private func names(_ paths: [String]) -> [String] {
    paths.map { String($0.dropFirst(directory.path.count + 1)) }
  }

  @Test func policiesOfADirectoryAreSortedByBytes() throws {
    let files = try Directory(directory.path).files(withSuffix: ".ward")
    #expect(names(files) == ["B.ward", "a.ward", "b.ward"])
  }

  @Test func aMissingDirectoryIsAnError() {
    let error = #expect(throws: HostError.self) { try Directory("/nonexistent").names() }
    #expect(error?.code == .notFound)
    #expect(!Directory.exists(at: "/nonexistent"))
    #expect(Directory.exists(at: directory.path))
    #expect(!Directory.exists(at: directory.path + "/a.ward"))
  }

  @Test(arguments: [
    ("*.ward", ["B.ward", "a.ward", "b.ward"]), ("?.ward", ["B.ward", "a.ward", "b.ward"]),
    ("[ab].ward", ["[ab].ward"]), ("a*", ["a.ward"]),
    ("*", ["B.ward", "a.ward", "b.ward", "note.txt"]),
    (".*", [".hidden.ward"]), ("sub/*", ["sub/c.ward"]), ("none*", []), ("none", ["none"]),
    ("**a**d", ["B.ward", "a.ward", "b.ward"]),
  ])
  func patternsNameFilesBesideTheirFile(pattern: String, expected: [String]) throws {
    let found = try FilePattern(pattern, beside: directory.path + "/main.ward").files()
    #expect(names(found) == expected)
  }

  @Test func anAbsolutePatternStandsForItself() throws {
    let pattern = FilePattern(directory.path + "/a.ward", beside: "/elsewhere/main.ward")
    #expect(try pattern.files() == [directory.path + "/a.ward"])
  }

  @Test func aFileWithoutDirectoryLooksBesideItself() throws {
    #expect(try FilePattern("x.ward", beside: "main.ward").files() == ["x.ward"])
  }

  @Test func manyStarsTakeNoTime() throws {
    try directory.write(String(repeating: "a", count: 200))
    let pattern = String(repeating: "*a", count: 100) + "b"
    #expect(try FilePattern(pattern, beside: directory.path + "/m").files().isEmpty)
  }
}
