import Glibc

/// A file descriptor that is closed when its last user lets go of it.
package final class Descriptor {
  package let number: Int32

  /// Owns `result`, what the system call named `call` returned.
  package init(_ result: Int32, _ call: String) throws(SystemCallError) {
    number = try succeed(result, call)
  }

  /// Opens a file for reading, or for writing without creating it.
  package convenience init(path: String, writing: Bool = false) throws(SystemCallError) {
    let flags = (writing ? O_WRONLY : O_RDONLY) | O_CLOEXEC
    try self.init(unsafe open(path, flags), "open \(path)")
  }

  deinit { close(number) }

  /// Writes all of `bytes`.
  package func write(_ bytes: [UInt8]) throws(SystemCallError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes[done...].withUnsafeBytes { buffer in
        unsafe Glibc.write(number, buffer.baseAddress, buffer.count)
      }
      guard count > 0 else { throw SystemCallError("write") }
      done += count
    }
  }

  /// Everything from the start of the file.
  package func readAll() throws(SystemCallError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe pread(number, buffer.baseAddress, buffer.count, bytes.count)
      }
      guard count >= 0 else { throw SystemCallError("pread") }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }
}
