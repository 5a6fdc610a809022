import Glibc
import SystemPackage

/// Replaces files whole: readers see the old bytes or the new ones, never a part.
package struct OutputFile: Sendable {
  package let path: String
  private let isPrivate: Bool

  /// - Parameter isPrivate: Whether nobody but the owner may read the file, whoever could before.
  package init(_ path: String, isPrivate: Bool = false) {
    self.path = path
    self.isPrivate = isPrivate
  }

  /// Makes `bytes` the content of the file.
  ///
  /// The bytes go to a new file beside it, are flushed to the disk, and take the old file's place,
  /// its mode included unless the file is to be private. On any error the old file stays and nothing else is left behind. A symbolic
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
    let (temporary, descriptor) = try TemporaryFile.create(
      beside: target, isPrivate: isPrivate, action: action)
    do {
      try fill(descriptor, with: bytes, like: old, action: action)
      try SystemCall.check(action, unsafe Glibc.rename(temporary.string, target.string))
    } catch {
      _ = unsafe unlink(temporary.string)
      throw error
    }
    Directory.synchronize(parentOf: target)
  }

  private func fill(
    _ descriptor: FileDescriptor, with bytes: [UInt8], like old: Stat?, action: String
  ) throws(HostError) {
    do {
      if let old, !isPrivate {
        // Only root may give a file away; whoever else replaces a file owns the new one.
        _ = fchown(descriptor.rawValue, old.userID.rawValue, old.groupID.rawValue)
        try SystemCall.check(action, fchmod(descriptor.rawValue, old.permissions.rawValue))
      }
      _ = try SystemCall.run(action) { try descriptor.writeAll(bytes) }
      try SystemCall.retry(action) { fsync(descriptor.rawValue) }
    } catch {
      try? descriptor.close()
      throw error
    }
    try SystemCall.close(descriptor, action)
  }

  /// Removes the file; it need not exist.
  package func remove() throws(HostError) {
    guard unsafe unlink(path) != 0 else { return Directory.synchronize(parentOf: FilePath(path)) }
    let cause = SystemCall.lastError
    if cause != .noSuchFileOrDirectory { throw HostError("remove \(path)", cause) }
  }

  /// Gives the file another name, in place of what has it.
  package func rename(to name: String) throws(HostError) {
    try SystemCall.check("rename \(path) to \(name)", unsafe Glibc.rename(path, name))
    Directory.synchronize(parentOf: FilePath(name))
  }
}
