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

  @Test func aPrivateDirectoryIsMadeWithThoseAboveIt() throws {
    let path = directory.path + "/new/deep/own"
    for _ in 0..<2 { try Directory(path).makePrivate() }
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o700)
  }

  @Test func aDirectoryThatOthersCanWriteIsRefused() throws {
    let path = directory.path + "/sub"
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: path)
    let error = #expect(throws: HostError.self) { try Directory(path).makePrivate() }
    #expect(error?.code == .notPermitted)
  }

  @Test func aFileIsNoDirectory() throws {
    for path in ["/a.ward", "/a.ward/below"] {
      let error = #expect(throws: HostError.self) {
        try Directory(directory.path + path).makePrivate()
      }
      #expect(error?.code == .isNotDirectory)
    }
  }

  @Test func aLinkIsReplacedWhole() throws {
    let path = directory.path + "/link"
    for target in ["first", "second"] {
      try Link.replace(path, with: target)
      #expect(try Link.target(of: path) == target)
    }
    let error = #expect(throws: HostError.self) { try Link.target(of: directory.path) }
    #expect(error?.action == "read the link \(directory.path)")
    let old = try directory.names().filter { $0.hasSuffix(".tmp") }
    #expect(old.isEmpty)
  }
}
