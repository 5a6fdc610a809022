import SystemPackage

/// A path whose last component may hold `*` (any run of characters) and `?` (any one byte).
package struct FilePattern: Sendable {
  private let path: FilePath

  /// - Parameter base: The file that a relative pattern starts beside.
  package init(_ pattern: String, beside base: String) {
    path = FilePath(base).removingLastComponent().pushing(FilePath(pattern))
  }

  /// Whether the last component is a plain name.
  package var isPlain: Bool { !lastComponent.utf8.contains(where: Self.isWildcard) }

  /// The files that the pattern names, sorted; a plain name is returned whether or not it exists.
  ///
  /// Names that start with a dot are found only where the pattern starts with one.
  package func files() throws(HostError) -> [String] {
    if isPlain { return [path.string] }
    let directory = path.removingLastComponent()
    let pattern = Array(lastComponent.utf8)
    let names = try Directory(directory.isEmpty ? "." : directory.string).names()
    return
      names
      .filter { !$0.hasPrefix(".") || pattern.first == UInt8(ascii: ".") }
      .filter { Self.matches(Array($0.utf8), pattern) }
      .map { directory.appending($0).string }
      .filter { !Directory.exists(at: $0) }
  }

  private var lastComponent: String { path.lastComponent?.string ?? "" }

  private static func isWildcard(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?")
  }

  /// - Complexity: O(name × pattern) at worst.
  static func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
    var at = 0
    var wanted = 0
    var star: (pattern: Int, name: Int)?
    while at < name.count {
      if wanted < pattern.count, pattern[wanted] == UInt8(ascii: "*") {
        star = (wanted, at)
        wanted += 1
      } else if wanted < pattern.count,
        pattern[wanted] == UInt8(ascii: "?") || pattern[wanted] == name[at]
      {
        at += 1
        wanted += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        at = last.name + 1
        wanted = last.pattern + 1
      } else {
        return false
      }
    }
    return pattern[wanted...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
