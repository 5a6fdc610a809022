import Glibc
import SystemPackage

/// The kernel's settings, by their names below `/proc/sys` with slashes: `net/ipv4/ip_forward`.
package struct SysctlStore: Sendable {
  private let root: String

  /// - Parameter root: Where the settings are mounted.
  package init(root: String = "/proc/sys") { self.root = root }

  /// The value of a setting, without the line's end.
  ///
  /// - Throws: ``HostError/Code/notFound`` where the kernel, or the interface, has no such setting.
  package func value(of name: String) throws(HostError) -> String {
    let bytes = try FileStore(limit: 1 << 16).read(try path(of: name)).bytes
    let end = bytes.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? 0
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  /// The value of a setting; `nil` where there is no such setting.
  package func valueIfPresent(of name: String) throws(HostError) -> String? {
    do throws(HostError) {
      return try value(of: name)
    } catch  where error.code == .notFound {
      return nil
    }
  }

  /// Makes `value` the value of a setting.
  package func set(_ name: String, to value: String) throws(HostError) {
    let path = try path(of: name)
    let action = "set \(path) to \(value)"
    let descriptor = try open(path, action)
    defer { try? descriptor.close() }
    // One write: the kernel takes each for a whole value.
    _ = try SystemCall.run(action) { try descriptor.writeAll("\(value)\n".utf8) }
  }

  /// Throws what ``set(_:to:)`` would for a setting that this process may not write; changes
  /// nothing.
  package func requireWritable(_ name: String) throws(HostError) {
    let path = try path(of: name)
    let descriptor = try open(path, "set \(path)")
    try? descriptor.close()
  }

  /// The names of the interfaces that have settings below `directory` (`net/ipv6/conf`), `all` and
  /// `default` included; sorted. None where the kernel lacks the directory.
  package func interfaces(below directory: String) throws(HostError) -> [String] {
    let path = try path(of: directory)
    return Directory.exists(at: path) ? try Directory(path).names() : []
  }

  private func open(_ path: String, _ action: String) throws(HostError) -> FileDescriptor {
    try SystemCall.run(action) {
      try FileDescriptor.open(FilePath(path), .writeOnly, options: [.closeOnExec])
    }
  }

  /// Names come from policies and from files, and must not lead out of the tree.
  private func path(of name: String) throws(HostError) -> String {
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isSound = parts.allSatisfy { part in
      !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
        && !part.contains(0)
    }
    guard isSound else {
      throw HostError(.notFound, "use the setting \(name)", advice: "name one below \(root)")
    }
    return "\(root)/\(name)"
  }
}
