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

  /// Its entries but `.` and `..`, sorted by bytes.
  package func names() throws(HostError) -> [String] {
    let action = "list \(path)"
    guard let stream = unsafe opendir(path) else { throw HostError(action, SystemCall.lastError) }
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
}
