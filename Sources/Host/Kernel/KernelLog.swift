import SystemPackage

/// What the kernel has logged, as far as its buffer reaches back.
package enum KernelLog {
  /// The messages, the oldest first, without their times.
  ///
  /// - Parameter path: A device or pipe that gives one record at a time, as `/dev/kmsg` does.
  /// - Throws: Where the log may not be read.
  package static func messages(of path: String = "/dev/kmsg") throws(HostError) -> [String] {
    let action = "read \(path)"
    let descriptor = try SystemCall.run(action) {
      try FileDescriptor.open(
        FilePath(path), .readOnly, options: [.nonBlocking, .closeOnExec])
    }
    defer { try? descriptor.close() }
    var messages: [String] = []
    var record = [UInt8](repeating: 0, count: recordLimit)
    while true {
      do {
        let count = try unsafe record.withUnsafeMutableBytes { buffer in
          try unsafe descriptor.read(into: buffer)
        }
        if count == 0 { return messages }
        if let message = message(of: record[..<count]) { messages.append(message) }
      } catch Errno.brokenPipe {
        // Overwritten before it was read: the next one is there.
        continue
      } catch Errno.resourceTemporarilyUnavailable {
        return messages
      } catch let cause as Errno {
        throw HostError(action, cause)
      } catch {
        throw HostError(.other, action, advice: "\(error)")
      }
    }
  }

  /// Records are shorter: `PRINTK_MESSAGE_MAX` of the kernel.
  private static let recordLimit = 8192

  /// `6,1234,5678901,-;TEXT` and lines with details (Documentation/ABI/testing/dev-kmsg).
  package static func message(of record: ArraySlice<UInt8>) -> String? {
    guard let start = record.firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let text = record[(start + 1)...].prefix { $0 != UInt8(ascii: "\n") }
    return String(decoding: text, as: UTF8.self)
  }
}
