import Foundation
import Host
import ScratchFiles
import Testing

struct OutputFileTests {
  private let directory: Scratch

  init() throws { directory = try Scratch() }

  private func path(_ name: String) -> String { "\(directory.path)/\(name)" }

  @Test func aNewFileIsMade() throws {
    try OutputFile(path("a")).write(Array("x".utf8))
    #expect(try directory.read("a") == "x")
    #expect(try directory.names() == ["a"])
  }

  @Test func anOldFileIsReplacedAndKeepsItsMode() throws {
    try directory.write("a", "long old text")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path("a"))
    try OutputFile(path("a")).write(Array("new".utf8))
    #expect(try directory.read("a") == "new")
    let mode = try FileManager.default.attributesOfItem(atPath: path("a"))[.posixPermissions]
    #expect(mode as? Int == 0o600)
    #expect(try directory.names() == ["a"])
  }

  @Test func aReaderOfTheOldFileKeepsIt() throws {
    try directory.write("a", "old")
    let handle = try #require(FileHandle(forReadingAtPath: path("a")))
    try OutputFile(path("a")).write(Array("new".utf8))
    #expect(try handle.readToEnd() == Data("old".utf8))
  }

  @Test func aLinkStaysALink() throws {
    try directory.write("a", "old")
    try FileManager.default.createSymbolicLink(atPath: path("l"), withDestinationPath: path("a"))
    try OutputFile(path("l")).write(Array("new".utf8))
    #expect(try directory.read("a") == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path("l")) == path("a"))
  }

  @Test func aDeviceIsWrittenTo() throws {
    try OutputFile("/dev/null").write(Array("x".utf8))
    let error = #expect(throws: HostError.self) {
      try OutputFile("/dev/full").write(Array("x".utf8))
    }
    #expect(error?.code == .noSpace)
  }

  @Test func errorsLeaveNothingBehind() throws {
    let missing = #expect(throws: HostError.self) {
      try OutputFile(path("none/a")).write(Array("x".utf8))
    }
    #expect(missing?.code == .notFound)
    let directory = #expect(throws: HostError.self) {
      try OutputFile(self.directory.path).write(Array("x".utf8))
    }
    #expect(directory?.code == .isDirectory)
    #expect(try self.directory.names() == [])
  }

  @Test func aPrivateFileIsItsOwnersAlone() throws {
    for _ in 0..<2 {
      try OutputFile(path("a"), isPrivate: true).write(Array("x".utf8))
      let mode = try FileManager.default.attributesOfItem(atPath: path("a"))[.posixPermissions]
      #expect(mode as? Int == 0o600)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path("a"))
    }
  }

  @Test(.enabled(if: getuid() == 0, "only root may mount"))
  func aFullOrReadOnlyDiskKeepsTheOldFile() throws {
    try SmallDisk.with(size: 1 << 18) { disk in
      let file = OutputFile("\(disk.path)/a")
      try file.write(Array("old".utf8))
      try disk.fill(leaving: 4096)
      let full = #expect(throws: HostError.self) {
        try file.write(Array(repeating: 7, count: 1 << 17))
      }
      #expect(full?.code == .noSpace)
      try disk.makeReadOnly()
      let locked = #expect(throws: HostError.self) { try file.write([7]) }
      #expect(locked?.code == .readOnly)
      #expect(try FileStore().read("\(disk.path)/a").bytes == Array("old".utf8))
      #expect(try Directory(disk.path).names() == ["a", "filling"])
    }
  }

  @Test func leftoversOfTheDeadAreRemoved() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    let kept = [
      ".bridgeward-\(getpid())-0.tmp", ".bridgeward-x-0.tmp", ".other-1-0.tmp", "file",
    ]
    for name in kept + [".bridgeward-\(process.processIdentifier)-3.tmp"] {
      try directory.write(name)
    }
    TemporaryFile.removeLeftovers(in: directory.path)
    #expect(try directory.names() == kept.sorted())
  }
}
