import Glibc
import SystemPackage

/// Room on the disk for a file whose content another thread writes.
package struct ReservedPath: Sendable {
  private let path: String

  /// Takes `size` bytes in `directory`; nobody but the owner will be able to read the file.
  ///
  /// What is neither published nor removed goes when the process is gone: see
  /// ``TemporaryFile/removeLeftovers(in:)``.
  /// - Throws: ``HostError/Code/noSpace`` where there is no room; nothing is left behind then.
  package init(in directory: String, size: Int) throws(HostError) {
    let action = "reserve \(size) bytes in \(directory)"
    let (path, file) = try TemporaryFile.create(
      beside: FilePath(directory).appending("file"), isPrivate: true, action: action)
    defer { try? file.close() }
    self.path = path.string
    do throws(HostError) {
      try SystemCall.allocate(file, size: size, action)
    } catch {
      remove()
      throw error
    }
  }

  /// Makes `bytes` the content, down to the disk.
  ///
  /// Fails for want of room only where `bytes` are more than were reserved.
  package func write(_ bytes: ArraySlice<UInt8>) throws(HostError) {
    let action = "write \(path)"
    let file = try SystemCall.run(action) {
      try FileDescriptor.open(FilePath(path), .writeOnly, options: [.closeOnExec])
    }
    defer { try? file.close() }
    _ = try SystemCall.run(action) { try file.writeAll(bytes) }
    try SystemCall.retry(action) { ftruncate(file.rawValue, off_t(bytes.count)) }
    try SystemCall.retry(action) { fsync(file.rawValue) }
  }

  /// Gives the file its name, in the same directory; replaces a file of that name as a whole.
  package func publish(as target: String) throws(HostError) {
    try SystemCall.check("write \(target)", unsafe rename(path, target))
  }

  /// Gives the room back.
  package func remove() { _ = unsafe unlink(path) }
}
