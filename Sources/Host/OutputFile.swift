import Glibc
import SystemPackage

/// Replaces files whole: readers see the old bytes or the new ones, never a part.
package struct OutputFile: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Makes `bytes` the content of the file.
  ///
  /// The bytes go to a new file beside it, are flushed to the disk, and take the old file's place,
  /// its mode included. On any error the old file stays and nothing else is left behind. A symbolic
  /// link to a file keeps pointing there. A pipe or device is written to directly.
  package func write(_ bytes: [UInt8]) throws(HostError) {
    let action = "write \(path)"
    let target = try resolved(action)
    let old = try? target.stat()
    switch old?.type {
    case nil, .regular?: try replace(target, with: bytes, like: old, action: action)
    case .directory?: throw HostError(action, .isDirectory)
    default: try append(bytes, to: target, action: action)
    }
  }

  /// The file that the path leads to through symbolic links, existing or not.
  private func resolved(_ action: String) throws(HostError) -> FilePath {
    guard let real = unsafe realpath(path, nil) else {
      if SystemCall.lastError == .noSuchFileOrDirectory { return FilePath(path) }
      throw HostError(action, SystemCall.lastError)
    }
    defer { unsafe free(real) }
    return unsafe FilePath(platformString: real)
  }

  private func append(
    _ bytes: [UInt8], to target: FilePath, action: String
  ) throws(HostError) {
    let descriptor = try SystemCall.run(action) {
      try FileDescriptor.open(target, .writeOnly, options: [.closeOnExec])
    }
    defer { try? descriptor.close() }
    _ = try SystemCall.run(action) { try descriptor.writeAll(bytes) }
  }

  private func replace(
    _ target: FilePath, with bytes: [UInt8], like old: Stat?, action: String
  ) throws(HostError) {
    let (temporary, descriptor) = try createTemporary(beside: target, action: action)
    do {
      try fill(descriptor, with: bytes, like: old, action: action)
      try SystemCall.check(action, unsafe rename(temporary.string, target.string))
    } catch {
      _ = unsafe unlink(temporary.string)
      throw error
    }
    synchronizeDirectory(of: target)
  }

  private func createTemporary(
    beside target: FilePath, action: String
  ) throws(HostError) -> (FilePath, FileDescriptor) {
    let directory = target.removingLastComponent()
    for attempt in 0..<100 {
      let temporary = directory.appending(".bridgeward-\(getpid())-\(attempt).tmp")
      do {
        let descriptor = try FileDescriptor.open(
          temporary, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
          permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
        return (temporary, descriptor)
      } catch Errno.fileExists {
        continue
      } catch let cause as Errno {
        throw HostError(action, cause)
      } catch {
        throw HostError(.other, action, advice: "\(error)")
      }
    }
    throw HostError(action, .fileExists)
  }

  private func fill(
    _ descriptor: FileDescriptor, with bytes: [UInt8], like old: Stat?, action: String
  ) throws(HostError) {
    do {
      if let old {
        // Only root may give a file away; whoever else replaces a file owns the new one.
        _ = fchown(descriptor.rawValue, old.userID.rawValue, old.groupID.rawValue)
        try SystemCall.check(action, fchmod(descriptor.rawValue, old.permissions.rawValue))
      }
      _ = try SystemCall.run(action) { try descriptor.writeAll(bytes) }
      try SystemCall.check(action, fsync(descriptor.rawValue))
    } catch {
      try? descriptor.close()
      throw error
    }
    try SystemCall.run(action) { try descriptor.close() }
  }

  /// Makes the rename survive a crash; file systems that cannot do it for directories lose nothing.
  private func synchronizeDirectory(of target: FilePath) {
    let directory = target.removingLastComponent()
    guard
      let descriptor = try? FileDescriptor.open(
        directory.isEmpty ? "." : directory, .readOnly, options: [.closeOnExec, .directory])
    else { return }
    _ = fsync(descriptor.rawValue)
    try? descriptor.close()
  }
}
