/// What `/proc` says of one process.
package struct ProcessEntry: Hashable, Sendable {
  /// The first 15 bytes of the program's name, unless the process chose another.
  package let name: String
  package let parent: Int32
  /// When it was started, in the kernel's clock ticks since boot.
  package let startTicks: UInt64
  /// Whether it has ended and waits for its parent to notice.
  package let isDead: Bool
  private let folder: String

  /// - Parameter root: Where proc is mounted.
  package init?(_ process: Int32, root: String = "/proc") {
    let folder = "\(root)/\(process)"
    guard let file = try? FileStore(limit: 1 << 16).read("\(folder)/stat") else { return nil }
    self.init(stat: file.bytes, folder: folder)
  }

  /// Reads `PID (NAME) STATE PPID …`; the name may hold anything, parentheses too (proc(5)).
  private init?(stat bytes: [UInt8], folder: String) {
    guard let open = bytes.firstIndex(of: UInt8(ascii: "(")),
      let close = bytes.lastIndex(of: UInt8(ascii: ")")), open < close
    else { return nil }
    let fields = bytes[(close + 1)...].split(separator: UInt8(ascii: " ")).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard fields.count > 19, let parent = Int32(fields[1]), let start = UInt64(fields[19]) else {
      return nil
    }
    name = String(decoding: bytes[(open + 1)..<close], as: UTF8.self)
    isDead = fields[0] == "Z" || fields[0] == "X"
    self.parent = parent
    startTicks = start
    self.folder = folder
  }

  /// The inodes of its open sockets; none where we may not look.
  package func socketInodes() -> Set<UInt64> {
    let names = (try? Directory("\(folder)/fd").names()) ?? []
    return Set(
      names.compactMap { name in
        guard let target = try? Link.target(of: "\(folder)/fd/\(name)"),
          target.hasPrefix("socket:["), target.hasSuffix("]")
        else { return nil }
        return UInt64(target.dropFirst("socket:[".count).dropLast())
      })
  }
}
