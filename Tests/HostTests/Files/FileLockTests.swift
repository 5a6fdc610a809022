import Foundation
import Host
import ScratchFiles
import Testing

struct FileLockTests {
  private let directory: Scratch
  private var path: String { "\(directory.path)/lock" }

  init() throws { directory = try Scratch() }

  private func refusal() -> HostError? {
    do throws(HostError) {
      let lock = try FileLock(path)
      _ = consume lock
      return nil
    } catch { return error }
  }

  @Test func oneHolderAtATime() throws {
    let lock = try FileLock(path)
    let error = refusal()
    #expect(error?.code == .busy)
    #expect(
      error?.description == "cannot lock \(path): process \(getpid()) is changing the rules; "
        + "try again when it is done")
    _ = consume lock
    #expect(refusal() == nil)
  }

  @Test func theFileIsPrivateAndNamesItsHolder() throws {
    let lock = try FileLock(path)
    #expect(try directory.read("lock") == "\(getpid())\n")
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    _ = consume lock
  }

  @Test func deathLetsGo() throws {
    let holder = Process()
    holder.executableURL = URL(fileURLWithPath: "/bin/sh")
    holder.arguments = ["-c", "exec 9>$0; flock 9; exec sleep 100", path]
    try holder.run()
    while refusal() == nil { usleep(2000) }
    kill(holder.processIdentifier, SIGKILL)
    holder.waitUntilExit()
    // flock(1) has the file, too, until it ends.
    let lock = try FileLock(path, patience: 30_000_000_000)
    _ = consume lock
  }

  @Test func patienceOutlastsAnotherHolder() throws {
    let path = path
    let isTaken = DispatchSemaphore(value: 0)
    let thread = Thread {
      let lock = try? FileLock(path)
      isTaken.signal()
      usleep(100_000)
      _ = consume lock
    }
    thread.start()
    isTaken.wait()
    let start = BootTime.now
    let lock = try FileLock(path, patience: 30_000_000_000)
    #expect(BootTime.now >= start.advanced(by: 20_000_000))
    _ = consume lock
  }

  @Test func impatienceEnds() throws {
    let lock = try FileLock(path)
    let start = BootTime.now
    let error = #expect(throws: HostError.self) {
      _ = try FileLock(path, patience: 50_000_000)
    }
    #expect(error?.code == .busy)
    #expect(BootTime.now >= start.advanced(by: 50_000_000))
    _ = consume lock
  }

  @Test func aLinkIsNotFollowed() throws {
    let target = try directory.write("target", "precious")
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    #expect(refusal() != nil)
    #expect(try directory.read("target") == "precious")
  }

  @Test(.enabled(if: getuid() == 0, "only root may mount"))
  func aFullDiskKeepsNobodyOut() throws {
    try SmallDisk.with(size: 1 << 16) { disk in
      try Data().write(to: URL(fileURLWithPath: "\(disk.path)/lock"))
      try disk.fill(leaving: 0)
      let lock = try FileLock("\(disk.path)/lock")
      _ = consume lock
    }
  }
}
