import Foundation
import Host
import ScratchFiles
import Testing

struct FileStoreTests {
  private let directory: Scratch

  init() throws { directory = try Scratch() }

  @Test(arguments: [0, 1, 4095, 65_536, 70_000])
  func aFileIsReadWhole(size: Int) throws {
    let text = String(repeating: "x", count: size)
    let path = try directory.write("a", text)
    #expect(try FileStore().read(path).bytes == Array(text.utf8))
  }

  @Test func theLimitIsInclusive() throws {
    let path = try directory.write("a", "12345")
    #expect(try FileStore(limit: 5).read(path).bytes.count == 5)
    let error = #expect(throws: HostError.self) { try FileStore(limit: 4).read(path) }
    #expect(error?.code == .tooLarge)
  }

  @Test func aHugeFileIsRefusedUnread() throws {
    let path = try directory.write("a")
    let handle = try #require(FileHandle(forWritingAtPath: path))
    // Sparse: reading it whole would take memory and seconds, its size is known at once.
    try handle.truncate(atOffset: 1 << 40)
    try handle.close()
    let error = #expect(throws: HostError.self) { try FileStore().read(path) }
    #expect(error?.code == .tooLarge)
    #expect(error?.description.contains("64 MiB") == true)
  }

  @Test func aDeviceWithoutEndStopsAtTheLimit() {
    let error = #expect(throws: HostError.self) { try FileStore(limit: 100_000).read("/dev/zero") }
    #expect(error?.code == .tooLarge)
  }

  @Test func errorsSayWhatAndWhy() throws {
    let missing = directory.path + "/none"
    let error = #expect(throws: HostError.self) { try FileStore().read(missing) }
    #expect(error?.code == .notFound)
    #expect(
      error?.description
        == "cannot read \(missing): No such file or directory; check the path")
    let other = #expect(throws: HostError.self) { try FileStore().read(directory.path) }
    #expect(other?.code == .isDirectory)
  }

  @Test func identityFollowsLinks() throws {
    let path = try directory.write("a", "x")
    let other = try directory.write("b", "x")
    let link = directory.path + "/c"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    let store = FileStore()
    #expect(try store.read(path).identity == store.read(link).identity)
    #expect(try store.read(path).identity != store.read(other).identity)
  }

  @Test(
    .enabled(if: getuid() == 0, "only root owns files of root"),
    arguments: [(0o644, false), (0o600, false), (0o664, true), (0o646, true), (0o666, true)])
  func filesThatOthersCanWriteAreKnown(mode: Int, expected: Bool) throws {
    let path = try directory.write("a", "x")
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    #expect(try FileStore().read(path).isRootsButWritableByOthers == expected)
  }
}
