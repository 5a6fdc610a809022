import Glibc
import SystemPackage

/// A file that one process at a time holds; the kernel lets go of it when that process ends.
package struct FileLock: ~Copyable {
  private let descriptor: FileDescriptor

  /// Takes the lock at `path`, making the file where there is none.
  ///
  /// - Parameter patience: Nanoseconds to wait for another holder; 0 refuses at once.
  /// - Throws: ``HostError/Code/busy`` with the holder's process number, where somebody else has it.
  package init(_ path: String, patience: UInt64 = 0) throws(HostError) {
    let action = "lock \(path)"
    let file = try SystemCall.run(action) {
      try FileDescriptor.open(
        FilePath(path), .readWrite, options: [.create, .closeOnExec, .noFollow],
        permissions: [.ownerReadWrite])
    }
    do {
      try Self.take(file, path: path, until: BootTime.now.advanced(by: patience))
    } catch {
      try? file.close()
      throw error
    }
    // Whom to blame is told as well as can be: a full disk must not keep anybody out.
    while ftruncate(file.rawValue, 0) < 0, SystemCall.lastError == .interrupted {}
    _ = try? file.writeAll(toAbsoluteOffset: 0, "\(getpid())\n".utf8)
    descriptor = file
  }

  deinit { try? descriptor.close() }

  private static func take(
    _ descriptor: FileDescriptor, path: String, until deadline: BootTime
  ) throws(HostError) {
    while flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 {
      let cause = SystemCall.lastError
      if cause == .interrupted { continue }
      guard cause == .wouldBlock else { throw HostError("lock \(path)", cause) }
      guard BootTime.now < deadline else { throw busy(path) }
      BootTime.sleep(until: min(deadline, BootTime.now.advanced(by: 20_000_000)))
    }
  }

  private static func busy(_ path: String) -> HostError {
    let text = (try? FileStore(limit: 64).read(path).bytes) ?? []
    let digits = text.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let number = String(decoding: digits, as: UTF8.self)
    let holder = digits.isEmpty ? "another process" : "process \(number)"
    return HostError(
      .busy, "lock \(path): \(holder) is changing the rules", advice: "try again when it is done")
  }
}
