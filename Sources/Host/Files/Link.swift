import Glibc
import SystemPackage

/// Symbolic links.
package enum Link {
  /// What the link at `path` says, existing or not.
  ///
  /// - Throws: ``HostError/Code/notFound`` where there is no link of this name.
  package static func target(of path: String) throws(HostError) -> String {
    let limit = Int(PATH_MAX)
    var bytes = [CChar](repeating: 0, count: limit)
    let count = unsafe readlink(path, &bytes, limit)
    guard count >= 0 else {
      let cause = SystemCall.lastError
      throw HostError(
        "read the link \(path)", cause == .invalidArgument ? .noSuchFileOrDirectory : cause)
    }
    return String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Makes `path` a link that says `target`, in place of what was there; nobody sees it missing.
  package static func replace(_ path: String, with target: String) throws(HostError) {
    let action = "make the link \(path)"
    let temporary = TemporaryFile.path(beside: FilePath(path), attempt: 0).string
    _ = unsafe unlink(temporary)
    try SystemCall.check(action, unsafe symlink(target, temporary))
    guard unsafe rename(temporary, path) == 0 else {
      let cause = SystemCall.lastError
      _ = unsafe unlink(temporary)
      throw HostError(action, cause)
    }
    Directory.synchronize(parentOf: FilePath(path))
  }
}
