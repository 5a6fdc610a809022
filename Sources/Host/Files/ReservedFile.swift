import Glibc
import SystemPackage

/// Room on the disk for a file that is written later, when it is too late for a full disk.
package struct ReservedFile: ~Copyable {
  private let descriptor: FileDescriptor
  private let temporary: FilePath
  private var isPublished = false

  /// Takes `size` bytes in `directory`; nobody but the owner will be able to read the file.
  ///
  /// - Throws: ``HostError/Code/noSpace`` where there is no room; nothing is left behind then.
  package init(in directory: String, size: Int) throws(HostError) {
    let action = "reserve \(size) bytes in \(directory)"
    let (path, file) = try TemporaryFile.create(
      beside: FilePath(directory).appending("file"), isPrivate: true, action: action)
    do throws(HostError) {
      try SystemCall.allocate(file, size: size, action)
    } catch {
      try? file.close()
      _ = unsafe unlink(path.string)
      throw error
    }
    temporary = path
    descriptor = file
  }

  /// Makes `bytes` the content, and `path` (in the same directory) the name; replaces a file of
  /// that name as a whole.
  ///
  /// Fails for want of room only where `bytes` are more than were reserved.
  package consuming func publish(_ bytes: [UInt8], as path: String) throws(HostError) {
    let action = "write \(path)"
    let number = descriptor.rawValue
    _ = try SystemCall.run(action) { try descriptor.writeAll(bytes) }
    try SystemCall.retry(action) { ftruncate(number, bytes.count) }
    try SystemCall.retry(action) { fsync(number) }
    try SystemCall.check(action, unsafe rename(temporary.string, path))
    isPublished = true
    Directory.synchronize(parentOf: FilePath(path))
  }

  deinit {
    try? descriptor.close()
    if !isPublished { _ = unsafe unlink(temporary.string) }
  }
}
