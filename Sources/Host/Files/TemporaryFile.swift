import Glibc
import SystemPackage

/// Files that are not finished yet.
package enum TemporaryFile {
  private static let prefix = ".bridgeward-"
  private static let suffix = ".tmp"

  /// A name that no other process uses for its unfinished files, in the directory of `target`.
  static func path(beside target: FilePath, attempt: Int) -> FilePath {
    target.removingLastComponent().appending("\(prefix)\(getpid())-\(attempt)\(suffix)")
  }

  /// Makes an empty file in the directory of `target`, open for writing.
  static func create(
    beside target: FilePath, isPrivate: Bool, action: String
  ) throws(HostError) -> (FilePath, FileDescriptor) {
    for attempt in 0..<100 {
      let temporary = path(beside: target, attempt: attempt)
      do {
        let descriptor = try FileDescriptor.open(
          temporary, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
          permissions: isPrivate
            ? [.ownerReadWrite] : [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
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

  /// Removes the unfinished files that processes which ended too early have left in `directory`.
  package static func removeLeftovers(in directory: String) {
    for name in (try? Directory(directory).names()) ?? [] {
      guard name.hasPrefix(prefix), name.hasSuffix(suffix),
        let owner = Int32(name.dropFirst(prefix.count).prefix { $0 != "-" }),
        kill(owner, 0) != 0, SystemCall.lastError == .noSuchProcess
      else { continue }
      _ = unsafe unlink(FilePath(directory).appending(name).string)
    }
  }
}
