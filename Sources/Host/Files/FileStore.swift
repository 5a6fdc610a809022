import SystemPackage

/// Reads files and standard input whole, up to a limit.
package struct FileStore: Sendable {
  /// 64 MiB: what a file may hold at most unless somebody says otherwise.
  package static let defaultLimit = 64 << 20

  /// The most bytes that one file may have.
  package let limit: Int

  package init(limit: Int = Self.defaultLimit) { self.limit = limit }

  /// Reads the file at `path`; a pipe or device is read to its end.
  ///
  /// A regular file that is too large is refused without reading any of it.
  ///
  /// - Parameter prepare: Is told how many bytes a regular file has, before they are read.
  package func read(
    _ path: String, preparing prepare: (Int) throws(HostError) -> Void = { _ throws(HostError) in }
  ) throws(HostError) -> HostFile {
    let action = "read \(path)"
    let descriptor = try SystemCall.run(action) {
      try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
    }
    defer { try? descriptor.close() }
    let status = try SystemCall.run(action) { try descriptor.stat() }
    if status.type == .directory { throw HostError(action, .isDirectory) }
    if status.type == .regular, status.size > Int64(limit) { throw tooLarge(action) }
    let expected = status.type == .regular ? Int(status.size) : 0
    try prepare(expected)
    let bytes = try read(descriptor, action: action, expected: expected)
    return HostFile(bytes: bytes, status: status)
  }

  /// The first `count` bytes of the file at `path`, or all that there are.
  package func readStart(of path: String, count: Int) throws(HostError) -> [UInt8] {
    let action = "read \(path)"
    let descriptor = try SystemCall.run(action) {
      try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
    }
    defer { try? descriptor.close() }
    var bytes = [UInt8](repeating: 0, count: count)
    let got = try SystemCall.run(action) {
      try unsafe bytes.withUnsafeMutableBytes { buffer in
        try unsafe descriptor.read(into: buffer)
      }
    }
    return Array(bytes[..<got])
  }

  /// Reads standard input to its end.
  package func readStandardInput() throws(HostError) -> HostFile {
    let action = "read standard input"
    let status = try SystemCall.run(action) { try FileDescriptor.standardInput.stat() }
    if status.type == .directory { throw HostError(action, .isDirectory) }
    let bytes = try read(.standardInput, action: action, expected: 0)
    return HostFile(bytes: bytes, status: status)
  }

  private func read(
    _ descriptor: FileDescriptor, action: String, expected: Int
  ) throws(HostError) -> [UInt8] {
    // A file that is as large as it said comes in one piece, without a detour.
    var result: [UInt8] = []
    // To make room for nothing would write to memory that all threads share.
    if expected > 0 {
      try result.append(addingCapacity: expected) { output throws(HostError) in
        while !output.isFull, try fill(&output, from: descriptor, action) {}
      }
    }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try SystemCall.run(action) {
        try unsafe chunk.withUnsafeMutableBytes { buffer in
          try unsafe descriptor.read(into: buffer)
        }
      }
      if count == 0 { return result }
      guard result.count + count <= limit else { throw tooLarge(action) }
      result += chunk[0..<count]
    }
  }

  /// Reads some bytes; `false` at the end of the file.
  private func fill(
    _ output: inout OutputSpan<UInt8>, from descriptor: FileDescriptor, _ action: String
  ) throws(HostError) -> Bool {
    try unsafe output.withUnsafeMutableBufferPointer { buffer, filled throws(HostError) in
      let room = UnsafeMutableRawBufferPointer(
        unsafe UnsafeMutableBufferPointer(rebasing: buffer[filled...]))
      let count = try SystemCall.run(action) { try unsafe descriptor.read(into: room) }
      filled += count
      return count > 0
    }
  }

  private func tooLarge(_ action: String) -> HostError {
    HostError(
      .tooLarge, "\(action): it has more than \(limit >> 20) MiB", advice: "name another file")
  }
}

/// A file as it was read.
package struct HostFile: Hashable, Sendable {
  /// Tells a file from all others, whatever path leads to it.
  package struct Identity: Hashable, Sendable {
    fileprivate let device: UInt64
    fileprivate let inode: UInt64
  }

  package let bytes: [UInt8]
  package let identity: Identity
  /// Whether it belongs to root and yet the group or others may write it.
  package let isRootsButWritableByOthers: Bool

  init(bytes: [UInt8], status: Stat) {
    self.bytes = bytes
    identity = Identity(
      device: UInt64(truncatingIfNeeded: status.deviceID.rawValue),
      inode: UInt64(truncatingIfNeeded: status.inode.rawValue))
    let isOpen = !status.permissions.isDisjoint(with: [.groupWrite, .otherWrite])
    isRootsButWritableByOthers =
      status.type == .regular && status.userID.rawValue == 0 && isOpen
  }
}
