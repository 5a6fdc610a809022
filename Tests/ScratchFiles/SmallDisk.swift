import CLinux
import Foundation
import Synchronization

/// A file system in memory that only one thread sees, and that is gone with it.
package struct SmallDisk: Sendable {
  /// Where it is, to that thread.
  package let path: String

  /// Runs `body` on a thread of its own, with an empty file system of `size` bytes.
  ///
  /// - Requires: The right to mount: that is root.
  package static func with<Value: Sendable>(
    size: Int, _ body: @escaping @Sendable (SmallDisk) throws -> Value
  ) throws -> Value {
    let scratch = try Scratch()
    let outcome = Outcome<Value>()
    let thread = Thread {
      outcome.finish(
        Result {
          try check(CLinux.unshare(newMounts | ownRoot), "unshare")
          try check(unsafe CLinux.mount(nil, "/", nil, recursive | separate, nil), "mount /")
          try check(
            unsafe CLinux.mount("small", scratch.path, "tmpfs", 0, "size=\(size)"), "mount")
          return try body(SmallDisk(path: scratch.path))
        })
    }
    thread.start()
    return try outcome.wait().get()
  }

  /// Takes the right to write from everybody.
  package func makeReadOnly() throws {
    try Self.check(
      unsafe CLinux.mount(nil, path, nil, Self.remount | Self.readOnly, nil), "remount")
  }

  /// Writes until nothing more fits, and leaves `remaining` bytes.
  package func fill(leaving remaining: Int) throws {
    var status = statvfs()
    try Self.check(unsafe statvfs(path, &status), "statvfs")
    let free = Int(status.f_bavail) * Int(status.f_frsize)
    try Data(count: max(0, free - remaining)).write(to: URL(fileURLWithPath: "\(path)/filling"))
  }

  private static func check(_ status: Int32, _ call: String) throws {
    guard status == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EPERM, userInfo: ["call": call])
    }
  }

  // Of sched.h and sys/mount.h.
  private static let newMounts: Int32 = 0x0002_0000
  private static let ownRoot: Int32 = 0x200
  private static let recursive: UInt = 0x4000
  private static let separate: UInt = 0x4_0000
  private static let remount: UInt = 0x20
  private static let readOnly: UInt = 0x1
}

/// What a thread hands to the one that waits for it.
private final class Outcome<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  func finish(_ value: Result<Value, any Error>) {
    result.withLock { $0 = value }
    isDone.signal()
  }

  func wait() -> Result<Value, any Error> {
    isDone.wait()
    return result.withLock { $0 } ?? .failure(POSIXError(.ECANCELED))
  }
}
