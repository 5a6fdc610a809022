import Glibc
import SystemPackage

/// The names in one directory.
package struct Directory: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Whether there is a directory at `path`.
  package static func exists(at path: String) -> Bool {
    (try? FilePath(path).stat().type == .directory) ?? false
  }

  /// The same, where it matters that nobody can tell.
  package static func isFound(at path: String) throws(HostError) -> Bool {
    do throws(HostError) {
      return try SystemCall.run("read \(path)") { try FilePath(path).stat() }.type == .directory
    } catch  where error.code == .notFound || error.code == .isNotDirectory {
      return false
    }
  }

  /// Its path from the root, without symbolic links; `nil` where it is not there.
  package var absolutePath: String? {
    guard let real = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  private func open() -> OpaquePointer? {
    while true {
      let stream = unsafe opendir(path)
      if unsafe stream != nil || SystemCall.lastError != .interrupted { return unsafe stream }
    }
  }

  /// Its entries but `.` and `..`, sorted by bytes.
  package func names() throws(HostError) -> [String] {
    let action = "list \(path)"
    guard let stream = unsafe open() else { throw HostError(action, SystemCall.lastError) }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    let failure = SystemCall.lastError
    if failure.rawValue != 0 { throw HostError(action, failure) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The paths of its regular entries whose names end with `suffix` and start with no dot, sorted.
  package func files(withSuffix suffix: String) throws(HostError) -> [String] {
    try names()
      .filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }
      .map { FilePath(path).appending($0).string }
      .filter { !Directory.exists(at: $0) }
  }

  /// Makes the directory, and those above it, unless they exist; all may look into it.
  package func make() throws(HostError) {
    try Self.make(FilePath(path), mode: 0o755, "make the directory \(path)")
  }

  /// Makes the directory, and those above it, unless they exist; it is its owner's alone.
  ///
  /// - Throws: ``HostError/Code/notPermitted`` where it belongs to somebody else, or others can
  ///   write it: what they put there would be taken for ours.
  package func makePrivate() throws(HostError) {
    let action = "make the directory \(path)"
    try Self.make(FilePath(path), mode: 0o700, action)
    let status = try SystemCall.run(action) { try FilePath(path).stat() }
    guard status.type == .directory else { throw HostError(action, .notDirectory) }
    let isOpen = !status.permissions.isDisjoint(with: [.groupWrite, .otherWrite])
    guard status.userID.rawValue == geteuid(), !isOpen else {
      throw HostError(
        .notPermitted, "use the directory \(path): others than its user can write it",
        advice: "give it to the user who runs this, with mode 0700")
    }
  }

  private static func make(_ path: FilePath, mode: mode_t, _ action: String) throws(HostError) {
    if unsafe mkdir(path.string, mode) == 0 { return synchronize(parentOf: path) }
    switch SystemCall.lastError {
    case .fileExists: return
    case .noSuchFileOrDirectory where !path.removingLastComponent().isEmpty:
      try make(path.removingLastComponent(), mode: 0o755, action)
      try SystemCall.check(action, unsafe mkdir(path.string, mode))
    default: throw HostError(action, SystemCall.lastError)
    }
  }

  /// Makes new names in it survive a crash.
  package func synchronize() { Self.synchronize(parentOf: FilePath(path).appending("file")) }

  /// Makes new names beside `path` survive a crash; file systems that cannot do it for directories
  /// lose nothing.
  static func synchronize(parentOf path: FilePath) {
    let directory = path.removingLastComponent()
    guard
      let descriptor = try? FileDescriptor.open(
        directory.isEmpty ? "." : directory, .readOnly, options: [.closeOnExec, .directory])
    else { return }
    while fsync(descriptor.rawValue) < 0, SystemCall.lastError == .interrupted {}
    try? descriptor.close()
  }
}
